// Generates valid input for a schema: the declared example if there is one, otherwise the smallest value that its JSON
// Schema allows. Ids refer to no row, so that a call with such input changes nothing.
import { z } from "zod";
import type { Endpoint } from "../../server/request/endpoint.ts";

type Json = Record<string, unknown>;

/** An id that no row has. */
export const UNUSED_ID = 999_999_999;

const formats: Record<string, string> = {
  date: "2026-01-31",
  "date-time": "2026-01-31T10:00:00Z",
  email: "someone@example.com",
  "idn-email": "someone@example.com",
  uri: "https://example.com/hook",
  url: "https://example.com/hook",
  uuid: "2f4c8f0e-6a43-4a55-9d0c-0d6c3f3f9b11",
};

/** Candidates for a string with a pattern and without a format. */
const texts = [
  "sample",
  "1",
  String(UNUSED_ID),
  "someone@example.com",
  "P1M",
  "1.2.3",
  "ABCD-EFGH-JKMN-PQRS",
  "2026-01-31",
  "a".repeat(64),
  "{token}",
];

/**
 * @param schema the schema of the input
 * @returns a value that the schema accepts
 * @throws Error when no value was found: this file has to support the new kind of field
 */
export function sampleInput(schema: z.ZodType): unknown {
  const value = sample(inputSchemaOf(schema));
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new Error(`No valid sample: ${JSON.stringify(value)} ${JSON.stringify(parsed.error.issues)}`);
  }
  return value;
}

/** The JSON Schema of what a schema takes. */
export function inputSchemaOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any", override: keepExamples }) as Json;
}

/** Zod treats examples as output values; here they are input values. */
function keepExamples({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: Json }): void {
  const { examples } = z.globalRegistry.get(zodSchema) ?? {};
  if (examples) jsonSchema.examples = examples;
}

function sample(schema: Json, root: Json = schema): unknown {
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (typeof schema.$ref === "string") {
    const definitions = (root.$defs ?? {}) as Record<string, Json>;
    return sample(definitions[schema.$ref.replace("#/$defs/", "")], root);
  }
  const options = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (options) return sample(options[0], root);
  if (schema.allOf) return sample((schema.allOf as Json[])[0], root);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "object":
      return sampleObject(schema, root);
    case "array":
      return Array.from({ length: Number(schema.minItems ?? 0) }, () => sample(schema.items as Json, root));
    case "string":
      return sampleText(schema);
    case "integer":
      return sampleNumber(schema);
    case "number":
      return Number(schema.minimum ?? 1);
    case "boolean":
      return false;
    case "null":
      return null;
    default:
      return "sample";
  }
}

function sampleObject(schema: Json, root: Json): Json {
  const required = new Set((schema.required ?? []) as string[]);
  return Object.fromEntries(
    Object.entries((schema.properties ?? {}) as Record<string, Json>)
      .filter(([name]) => required.has(name))
      .map(([name, field]) => [name, sample(field, root)]),
  );
}

/** The unused id where the range allows it, otherwise the smallest number. */
function sampleNumber({ minimum = 0, maximum = Infinity }: { minimum?: number; maximum?: number }): number {
  return maximum > 1e9 ? UNUSED_ID : Math.max(1, minimum);
}

function sampleText({ format, pattern, minLength = 0 }: Json): string {
  if (typeof format === "string" && formats[format]) return formats[format];
  const matches = typeof pattern === "string" ? new RegExp(pattern) : /^/;
  const found = texts.map((text) => text.padEnd(Number(minLength), "x")).find((text) => matches.test(text));
  if (found === undefined) throw new Error(`No sample text for the pattern ${pattern}`);
  return found;
}

/** The address of an endpoint with valid parameters and a valid query. */
export function pathOf({ path, query }: Pick<Endpoint, "path" | "query">): string {
  const sample = query ? sampleInput(query) as Record<string, unknown> : {};
  const search = new URLSearchParams(Object.entries(sample).map(([name, value]) => [name, String(value)]));
  return `${path.replace(/\{\w+\}/g, String(UNUSED_ID))}${search.size > 0 ? `?${search}` : ""}`;
}
