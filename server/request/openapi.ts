// The API description, OpenAPI 3.1, generated from the mounted declarations.
import { version } from "../version.ts";
import type { ApiTag, SecurityScheme } from "./dialect_module.ts";
import type { Endpoint } from "./endpoint.ts";
import { type ApiErrorCode, meanings } from "./error_messages.ts";
import { exampleOf } from "./openapi_examples.ts";
import { Components, type Json } from "./openapi_schemas.ts";

const description = `Activate, validate and renew licenses over HTTP.

Rate-limited responses include RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset (seconds). Mutating requests
accept Idempotency-Key: a request repeated within 24 hours with the same body gets the saved response. Every response
includes X-Request-Id.`;

/**
 * Describes endpoints.
 *
 * @param server.url where the server is reached
 * @throws Error when two schemas share a name, or an endpoint has no operation id or an undeclared tag
 */
export function describeApi(
  endpoints: Endpoint[],
  server: { url: string; securitySchemes: Record<string, SecurityScheme>; tags: ApiTag[] },
): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    (paths[endpoint.path] ??= {})[endpoint.method] = describeEndpoint(endpoint, components);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Latchkey",
      version,
      description,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      contact: { name: "The operator of this server", url: "https://github.com/latchkey" },
    },
    servers: [{ url: server.url, description: "The server" }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => describeTag(name, server.tags)),
    paths,
    components: {
      schemas: components.schemas,
      responses: components.responses,
      headers,
      securitySchemes: server.securitySchemes,
    },
  };
}

function describeTag(name: string, tags: ApiTag[]): ApiTag {
  const tag = tags.find((tag) => tag.name === name);
  if (!tag) throw new Error(`No module declares the tag ${name}`);
  return tag;
}

const seconds = { type: "integer", minimum: 0 };
const headers = {
  "X-Request-Id": {
    description: "Request id",
    schema: { type: "string" },
  },
  "RateLimit-Limit": { description: "Requests allowed in the window", schema: seconds },
  "RateLimit-Remaining": { description: "Requests left in the window", schema: seconds },
  "RateLimit-Reset": { description: "Seconds until the window ends", schema: seconds },
  "RateLimit": {
    description: "The limit's name, requests left and seconds until the window ends, as the IETF drafts it",
    schema: { type: "string" },
    example: '"public";r=99;t=60',
  },
  "RateLimit-Policy": {
    description: "The limit's name, requests allowed and seconds of the window, as the IETF drafts it",
    schema: { type: "string" },
    example: '"public";q=100;w=60',
  },
  "Retry-After": { description: "Seconds to wait before the next request", schema: seconds },
};

function headersOf(names: (keyof typeof headers)[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function describeEndpoint(endpoint: Endpoint, components: Components): Json {
  const { operationId, summary, tag, guard } = endpoint;
  if (!operationId) throw new Error(`${endpoint.method} ${endpoint.path} has no operationId`);
  const scheme = guard.scheme ? { [guard.scheme]: [] } : null;
  return {
    summary,
    description: describeCall(endpoint),
    tags: [tag],
    operationId,
    security: scheme ? (guard.isOptional ? [{}, scheme] : [scheme]) : [],
    parameters: [
      ...parametersOf(endpoint, "path", components),
      ...parametersOf(endpoint, "query", components),
      ...(endpoint.changes ? [idempotencyKey] : []),
    ],
    ...(endpoint.body ? { requestBody: requestBodyOf(endpoint, components) } : {}),
    responses: { ...answersOf(endpoint, components), ...errorAnswersOf(endpoint, components) },
  };
}

/** What it does and who may call it. */
function describeCall({ description, guard, changes }: Endpoint): string {
  const requirements: Record<string, string> = {
    administrator: `Requires an administrator with the role ${guard.role} or a higher one.`,
    analytics: "Requires an administrator or an analytics token.",
    apiKey: guard.isOptional ? "An API key is optional." : "Requires an API key.",
    session: guard.isOptional ? "A session token is optional." : "Requires a session token.",
  };
  const credential = guard.scheme === null
    ? "Requires no credential."
    : requirements[guard.scheme] ?? `Requires the credential ${guard.scheme}.`;
  return [description, credential, changes ? "Accepts an Idempotency-Key." : ""].filter(Boolean).join(" ");
}

function requestBodyOf(endpoint: Endpoint, components: Components): Json {
  const schema = components.schemaOf(endpoint.body!, "input", nameOf(endpoint, "Request"));
  const media = { schema, example: exampleOf(schema, components.schemas) };
  const types = endpoint.dialect.bodyTypes ?? ["application/json"];
  return { required: true, content: Object.fromEntries(types.map((type) => [type, media])) };
}

function answersOf(endpoint: Endpoint, components: Components): Json {
  const names: (keyof typeof headers)[] = ["X-Request-Id"];
  if (isLimited(endpoint)) {
    names.push("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit", "RateLimit-Policy");
  }
  const seen = new Map<unknown, string>();
  return Object.fromEntries(
    Object.entries(endpoint.answers).map(([status, { description, schema, type }]) => {
      const answer = { description, headers: headersOf(names) };
      if (!schema) return [status, type ? { ...answer, content: { [type]: {} } } : answer];
      const name = seen.get(schema) ?? nameOf(endpoint, seen.size === 0 ? "Response" : `${status}Response`);
      seen.set(schema, name);
      const described = components.schemaOf(schema, "output", name);
      const example = exampleOf(described, components.schemas);
      return [status, { ...answer, content: { "application/json": { schema: described, example } } }];
    }),
  );
}

function errorAnswersOf(endpoint: Endpoint, components: Components): Json {
  const answers: Json = {};
  for (const [status, codes] of errorsByStatus(endpoint)) {
    // A status that is also a successful answer, such as a check that is answered 403, is described there.
    if (status in endpoint.answers) continue;
    const waits = status === 429 || status === 503;
    const schema = components.schemaOf(endpoint.dialect.errorSchema, "output");
    const response = {
      description: codes.map((code) => `- \`${code}\`: ${meanings[code].message}`).join("\n"),
      headers: headersOf(waits ? ["X-Request-Id", "Retry-After"] : ["X-Request-Id"]),
      content: { "application/json": { schema } },
    };
    answers[status] = codes.length > 2
      ? response
      : components.responseOf(nameOfErrors(schema, codes), response);
  }
  return answers;
}

/** What a response with these codes is called: "NotFound", "ForbiddenOrCrossSite"; of a dialect, with its name. */
function nameOfErrors({ $ref }: Json, codes: ApiErrorCode[]): string {
  const dialect = String($ref).replace(/^.*\//, "").replace(/Error(Response)?$/, "");
  const words = codes.map((code) =>
    code.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase())
  );
  return dialect + words.join("Or");
}

/** "activateLicense" and "Request": ActivateLicenseRequest. */
function nameOf({ operationId = "" }: Endpoint, suffix: string): string {
  return operationId.charAt(0).toUpperCase() + operationId.slice(1) + suffix;
}

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Identifies the request, so that a repeated request takes effect once",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

function isLimited({ guard, limits }: Endpoint): boolean {
  // Wrong credentials are limited at every guard that has one.
  return guard.scheme !== null || guard.limits.length > 0 || (guard.callerLimits ?? []).length > 0 ||
    limits !== undefined;
}

/** Every error code of an endpoint: its own, its guard's, and those of its parts. */
export function errorsOf(endpoint: Endpoint): ApiErrorCode[] {
  const codes: ApiErrorCode[] = [...endpoint.guard.errors, ...endpoint.errors ?? []];
  if (endpoint.body || endpoint.query || endpoint.params || endpoint.changes) {
    codes.unshift("INVALID_REQUEST");
  }
  if (endpoint.body || endpoint.guard.readsBody) codes.push("PAYLOAD_TOO_LARGE");
  if (endpoint.guard.readsBody || endpoint.method !== "get") codes.push("CONTENT_ENCODING_UNSUPPORTED");
  if (endpoint.changes) codes.push("IDEMPOTENCY_KEY_REUSED");
  if (isLimited(endpoint)) codes.push("RATE_LIMITED");
  return [...new Set([...codes, "OVERLOADED", "UNAVAILABLE", "INTERNAL"] as const)];
}

function errorsByStatus(endpoint: Endpoint): Map<number, ApiErrorCode[]> {
  const byStatus = new Map<number, ApiErrorCode[]>();
  const add = (status: number, code: ApiErrorCode) =>
    byStatus.set(status, [...byStatus.get(status) ?? [], code]);
  for (const code of errorsOf(endpoint)) {
    // Without an activation there is nothing to deactivate.
    const isMissing = code === "NOT_ACTIVATED" && endpoint.path.endsWith("/deactivate");
    add(isMissing ? 404 : meanings[code].status, code);
    // A text that no license key can have is a bad request; a key that no license has is not found.
    if (code === "INVALID_LICENSE") add(400, code);
  }
  return byStatus;
}

function parametersOf(endpoint: Endpoint, location: "path" | "query", components: Components): Json[] {
  const schema = location === "path" ? endpoint.params : endpoint.query;
  if (!schema) return [];
  const { properties = {}, required = [] } = components.schemaOf(schema, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...shape }]) => ({
    name,
    in: location,
    required: location === "path" || required.includes(name),
    description,
    schema: shape,
  }));
}
