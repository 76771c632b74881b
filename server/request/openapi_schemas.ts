// The component schemas of the API description: JSON Schema 2020-12 of zod schemas, each under one name.
import { z } from "zod";
import type { ApiExample, ApiResponse, Json, Reference } from "./openapi_types.ts";

export class Components {
  readonly schemas: Record<string, Json> = {};
  readonly responses: Record<string, ApiResponse> = {};

  readonly examples: Record<string, ApiExample> = {};

  /** What `schemaOf` returned. Hundreds of responses have the same few schemas of errors. */
  readonly #described = new Map<z.ZodType, Map<string, Json>>();

  /**
   * A reference to a response that several operations share.
   *
   * @param status added to the name where the same errors are described otherwise with another status
   */
  responseOf(name: string, response: ApiResponse, status: number): Reference {
    const known = this.responses[name];
    const isOther = known && JSON.stringify(known) !== JSON.stringify(response);
    const called = isOther ? `${name}${status}` : name;
    this.responses[called] = response;
    return { $ref: `#/components/responses/${called}` };
  }

  /** A reference to an example that several responses share, which is made for the first of them. */
  exampleOf(name: string, make: () => ApiExample): Reference {
    this.examples[name] ??= make();
    return { $ref: `#/components/examples/${name}` };
  }

  /**
   * A schema, or a reference to it where it has a name.
   *
   * @param name its name unless it has an id of its own
   * @throws Error when another schema has that name
   */
  schemaOf(schema: z.ZodType, io: "input" | "output", name?: string): Json {
    const known = this.#described.get(schema) ?? new Map<string, Json>();
    this.#described.set(schema, known);
    const key = `${io} ${name ?? ""}`;
    const described = known.get(key) ?? this.#describe(schema, io, name);
    known.set(key, described);
    return described;
  }

  #describe(schema: z.ZodType, io: "input" | "output", name?: string): Json {
    const { $schema: _, $defs, id, ...shape } = z.toJSONSchema(schema, {
      io,
      unrepresentable: "any",
      override: (context) => improve(context, io),
    }) as Json & { $defs?: Record<string, Json>; id?: string };
    for (const [name, { id: _, ...definition }] of Object.entries($defs ?? {})) {
      this.#add(name, rebase(definition));
    }
    const called = id ?? name;
    // A schema that is referred to in itself, or that has an id, is among the definitions already.
    if (shape.$ref || called === undefined) return rebase(shape);
    this.#add(called, rebase(shape));
    return { $ref: `#/components/schemas/${called}` };
  }

  #add(name: string, schema: Json): void {
    const known = this.schemas[name];
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two schemas of the API description are called ${name}. Give one another id.`);
    }
    this.schemas[name] = schema;
  }
}

function improve(
  { zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema },
  io: "input" | "output",
): void {
  // A preprocessed value is described by the schema behind the step.
  const { def } = zodSchema._zod;
  if (io === "input" && def.type === "pipe" && def.in._zod.def.type === "transform") {
    const { $schema: _, ...sent } = z.toJSONSchema(def.out, { io, unrepresentable: "any" });
    Object.assign(jsonSchema, { ...sent, ...jsonSchema });
  }
  // Zod treats an example as one of the output, and omits it where the input has another type.
  const { examples } = z.globalRegistry.get(zodSchema) ?? {};
  if (examples) jsonSchema.examples = examples as unknown[];
  // Answers may get further fields; inputs that refuse unknown fields declare it.
  if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  // The format is sufficient.
  const isDate = jsonSchema.format === "date" || jsonSchema.format === "date-time";
  if (isDate || jsonSchema.type === "integer") delete jsonSchema.pattern;
}

function rebase(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll("#/$defs/", "#/components/schemas/"));
}
