// The fields of a JSON Schema as a list: name, type, whether it is required, what it means, and the fields below it.
import type { ApiParameter, Json } from "../../request/openapi_types.ts";
import { type Html, html } from "./html.ts";
import { renderInline } from "./markdown.ts";

type Schemas = Record<string, Json>;

/** Beyond this depth a field has only its type. */
const MAX_DEPTH = 5;

/** Parameters of the path, the query or the headers. */
export function renderParameters(parameters: ApiParameter[], schemas: Schemas): Html {
  return html`<dl class="fields">${
    parameters.map(({ name, required, description, schema }) =>
      renderField(name, { ...schema, description }, required, schemas, 0)
    )
  }</dl>`;
}

/** The fields of an object, or of the objects of a list; null where there is none. */
export function renderFields(schema: Json, schemas: Schemas, depth = 0): Html | null {
  const objects = objectsOf(schema, schemas);
  if (objects.length === 0 || depth > MAX_DEPTH) return null;
  const [first, ...others] = objects.map(({ properties, required }) =>
    html`<dl class="fields">${
      Object.entries(properties).map(([name, property]) =>
        renderField(name, property, required.includes(name), schemas, depth)
      )
    }</dl>`
  );
  return others.length === 0 ? first : html`${first}${others.map((other) => html`<p>Or:</p>${other}`)}`;
}

function renderField(name: string, given: Json, isRequired: boolean, schemas: Schemas, depth: number): Html {
  const schema = resolve(given, schemas);
  const limits = limitsOf(schema);
  const below = renderFields(schema, schemas, depth + 1);
  const values = (schema.enum as unknown[] | undefined)?.map((value) =>
    html`
      <code>${String(value)}</code>
    `
  );
  return html`
    <div>
      <dt><code>${name}</code> <span class="type">${typeOf(given, schemas)}</span>${isRequired
        ? html`
          <span class="required">required</span>
        `
        : ""}</dt>
      <dd>${describe(given, schemas)}${limits
        ? html`
          <span class="limits">${limits}</span>
        `
        : ""}${values ? html`<p class="values">One of ${values}</p>` : ""}${below ?? ""}</dd>
    </div>
  `;
}

function describe(given: Json, schemas: Schemas): Html {
  const text = given.description ?? resolve(given, schemas).description;
  return typeof text === "string" ? html`<p>${renderInline(text)}</p>` : html``;
}

/** The schema itself: references followed, and "this or null" without the null. */
function resolve(schema: Json, schemas: Schemas): Json {
  if (typeof schema.$ref === "string") {
    return resolve(schemas[schema.$ref.replace("#/components/schemas/", "")] ?? {}, schemas);
  }
  const [one, ...others] = alternativesOf(schema);
  return one && others.length === 0 ? resolve({ ...one, ...rest(schema) }, schemas) : schema;
}

function rest({ anyOf: _, oneOf: __, ...others }: Json): Json {
  return others;
}

function alternativesOf(schema: Json): Json[] {
  return ((schema.anyOf ?? schema.oneOf ?? []) as Json[]).filter(({ type }) => type !== "null");
}

function isNullable(schema: Json): boolean {
  const alternatives = (schema.anyOf ?? schema.oneOf ?? []) as Json[];
  return alternatives.some(({ type }) => type === "null") ||
    Array.isArray(schema.type) && schema.type.includes("null");
}

/** The objects that have fields: the schema's own, those of its alternatives, and those of a list's entries. */
function objectsOf(given: Json, schemas: Schemas): { properties: Schemas; required: string[] }[] {
  const schema = resolve(given, schemas);
  if (schema.properties) {
    return [{ properties: schema.properties as Schemas, required: schema.required as string[] ?? [] }];
  }
  const parts = [...alternativesOf(schema), ...((schema.allOf ?? []) as Json[])];
  if (parts.length > 0) return parts.flatMap((part) => objectsOf(part, schemas));
  for (const below of [schema.items, schema.additionalProperties]) {
    if (typeof below === "object" && below !== null) return objectsOf(below as Json, schemas);
  }
  return [];
}

/** "array of object", "string (date) or null". */
export function typeOf(given: Json, schemas: Schemas): string {
  const nullable = isNullable(given) ? " or null" : "";
  const schema = resolve(given, schemas);
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 1) {
    return [...new Set(alternatives.map((part) => typeOf(part, schemas)))].join(" or ") + nullable;
  }
  if ("const" in schema) return JSON.stringify(schema.const) + nullable;
  const type = Array.isArray(schema.type) ? schema.type.find((type) => type !== "null") : schema.type;
  if (type === "array") return `array of ${typeOf(schema.items as Json ?? {}, schemas)}${nullable}`;
  if (type === "object" && typeof schema.additionalProperties === "object" && !schema.properties) {
    return `object with values of ${typeOf(schema.additionalProperties as Json, schemas)}${nullable}`;
  }
  const format = typeof schema.format === "string" ? ` (${schema.format})` : "";
  return `${type ?? "any"}${format}${nullable}`;
}

/** "1 to 255 characters; default 50" */
function limitsOf(schema: Json): string {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems } = schema as Record<string, number>;
  const range = (from: number | undefined, to: number | undefined, unit: string) => {
    // Integers of JSON Schema carry the limits of a double.
    const [low, high] = [from, to].map((limit) =>
      limit === undefined || Math.abs(limit) >= Number.MAX_SAFE_INTEGER ? undefined : limit
    );
    if (low === undefined && high === undefined) return [];
    if (low === undefined) return [`at most ${high}${unit}`];
    if (high === undefined) return low === 0 ? [] : [`at least ${low}${unit}`];
    return [low === high ? `${low}${unit}` : `${low} to ${high}${unit}`];
  };
  return [
    ...range(minLength, maxLength, " characters"),
    ...range(minimum, maximum, ""),
    ...range(minItems, maxItems, " entries"),
    ...("default" in schema ? [`default ${JSON.stringify(schema.default)}`] : []),
  ].join("; ");
}
