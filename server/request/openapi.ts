// The API description, OpenAPI 3.1, made from the same declarations that are mounted, so that it cannot drift.
import { z } from "zod";
import { version } from "../version.ts";
import type { SecurityScheme } from "./dialect_module.ts";
import type { Endpoint } from "./endpoint.ts";
import { type ApiErrorCode, meanings } from "./error_messages.ts";

type Json = Record<string, unknown>;

/**
 * Describes endpoints.
 *
 * @param options.url where the server is reached
 */
export function describeApi(
  endpoints: Endpoint[],
  { url, securitySchemes }: { url: string; securitySchemes: Record<string, SecurityScheme> },
): Json {
  const components: Record<string, unknown> = {};
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    (paths[endpoint.path] ??= {})[endpoint.method] = describeEndpoint(endpoint, components);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Latchkey",
      version,
      description: "Activate, verify and renew licenses over HTTP. " +
        "Every limited answer carries RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset (seconds). " +
        "Every call that changes something takes an Idempotency-Key: repeated within 24 hours with the same " +
        "body it is answered with the saved answer. Every answer carries X-Request-Id.",
    },
    servers: [{ url }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes,
    },
  };
}

function describeEndpoint(endpoint: Endpoint, components: Json): Json {
  const shape = (schema: z.ZodType, io: "input" | "output") => schemaOf(schema, io, components);
  const responses: Record<string, unknown> = {};
  for (const [status, { description, schema, type }] of Object.entries(endpoint.answers)) {
    const content = schema
      ? { "application/json": { schema: shape(schema, "output") } }
      : type
      ? { [type]: {} }
      : undefined;
    responses[status] = { description, ...(content ? { content } : {}) };
  }
  for (const [status, codes] of errorsByStatus(endpoint)) {
    const sentences = codes.map((code) => `- \`${code}\`: ${meanings[code].message}`);
    responses[status] = {
      description: sentences.join("\n"),
      content: { "application/json": { schema: shape(endpoint.dialect.errorSchema, "output") } },
    };
  }
  return {
    summary: endpoint.summary,
    ...(endpoint.description ? { description: endpoint.description } : {}),
    tags: [endpoint.tag],
    operationId: `${endpoint.method} ${endpoint.path}`.replace(/\W+/g, "_").replace(/_$/, ""),
    security: endpoint.guard.scheme ? [{ [endpoint.guard.scheme]: [] }] : [],
    parameters: [
      ...parametersOf(endpoint.params, "path", components),
      ...parametersOf(endpoint.query, "query", components),
      ...(endpoint.changes ? [idempotencyKey] : []),
    ],
    ...(endpoint.body
      ? {
        requestBody: {
          required: true,
          content: Object.fromEntries(
            (endpoint.dialect.bodyTypes ?? ["application/json"]).map((type) => [type, {
              schema: shape(endpoint.body!, "input"),
            }]),
          ),
        },
      }
      : {}),
    responses,
  };
}

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Names this request, so that sending it again does not do it again",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

/** Every code an endpoint can refuse with: its own, its guard's, and those that its parts bring with them. */
export function errorsOf(endpoint: Endpoint): ApiErrorCode[] {
  const codes: ApiErrorCode[] = [...endpoint.guard.errors, ...endpoint.errors ?? []];
  if (endpoint.body || endpoint.query || endpoint.params || endpoint.changes) {
    codes.unshift("INVALID_REQUEST");
  }
  if (endpoint.body || endpoint.guard.readsBody) codes.push("PAYLOAD_TOO_LARGE");
  if (endpoint.changes) codes.push("IDEMPOTENCY_KEY_REUSED");
  if (endpoint.guard.limits.length > 0 || endpoint.limits) codes.push("RATE_LIMITED");
  return [...new Set([...codes, "UNAVAILABLE", "INTERNAL"] as const)];
}

function errorsByStatus(endpoint: Endpoint): Map<number, ApiErrorCode[]> {
  const byStatus = new Map<number, ApiErrorCode[]>();
  const add = (status: number, code: ApiErrorCode) =>
    byStatus.set(status, [...byStatus.get(status) ?? [], code]);
  for (const code of errorsOf(endpoint)) {
    add(meanings[code].status, code);
    // A key that no license can have is a bad request; one that no license has is not found.
    if (code === "INVALID_LICENSE") add(400, code);
    // Where nothing can be done without an activation, its absence is not found.
    if (code === "NOT_ACTIVATED" && endpoint.path.endsWith("/deactivate")) add(404, code);
  }
  return byStatus;
}

function parametersOf(schema: z.ZodType | undefined, place: "path" | "query", components: Json): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input", components) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...shape }]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    description,
    schema: shape,
  }));
}

/** A schema as OpenAPI 3.1 takes it, which is JSON Schema 2020-12; named ones go among the components. */
function schemaOf(schema: z.ZodType, io: "input" | "output", components: Json): Json {
  const { $schema: _, $defs, ...shape } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // Zod takes an example for one of what comes out, and leaves it away where what goes in is another type.
      const { examples } = z.globalRegistry.get(zodSchema) ?? {};
      if (examples) jsonSchema.examples = examples as unknown[];
      // Fields we do not know are ignored, not refused.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  }) as Json & { $defs?: Record<string, Json> };
  for (const [name, definition] of Object.entries($defs ?? {})) {
    components[name] = rebase(withoutId(definition));
  }
  const id = shape.id as string | undefined;
  if (!id) return rebase(shape);
  components[id] = rebase(withoutId(shape));
  return { $ref: `#/components/schemas/${id}` };
}

function withoutId({ id: _, ...shape }: Json): Json {
  return shape;
}

function rebase(shape: Json): Json {
  return JSON.parse(JSON.stringify(shape).replaceAll("#/$defs/", "#/components/schemas/"));
}
