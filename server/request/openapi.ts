// The API description, OpenAPI 3.1, generated from the mounted declarations.
import { version } from "../version.ts";
import type { ApiTagGroup, SecurityScheme, WebhookDeclaration } from "./dialect_module.ts";
import { type Endpoint, readsRevision } from "./endpoint.ts";
import { exampleErrorsOf } from "./error_examples.ts";
import { type ApiErrorCode, meanings } from "./error_messages.ts";
import { exampleOf } from "./openapi_examples.ts";
import { headers, idempotencyKey, ifMatch } from "./openapi_headers.ts";
import { Components } from "./openapi_schemas.ts";
import type {
  ApiDescription,
  ApiOperation,
  ApiParameter,
  ApiResponse,
  Json,
  Reference,
} from "./openapi_types.ts";
import { describeWebhook, webhookTag } from "./openapi_webhooks.ts";

const description = `Activate, validate and renew licenses over HTTP.

Rate-limited responses include RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset (seconds). Mutating requests
accept Idempotency-Key: a request repeated within 24 hours with the same body gets the saved response. Every response
includes X-Request-Id.`;

/** The parts of a description beside its endpoints. */
export interface ApiSite {
  /** Where the server is reached. */
  url: string;
  securitySchemes: Record<string, SecurityScheme>;
  tagGroups: ApiTagGroup[];
  webhooks: WebhookDeclaration[];
}

/**
 * Describes endpoints and webhooks.
 *
 * @throws Error when two schemas share a name, or an endpoint has no operation id or an undeclared tag
 */
export function describeApi(endpoints: Endpoint[], site: ApiSite): ApiDescription {
  const components = new Components();
  const used = new Set(endpoints.map(({ tag }) => tag));
  const groups = site.tagGroups.map(({ name, tags }) => ({
    name,
    tags: tags.filter(({ name }) => used.has(name)),
  }));
  for (const tag of used) {
    if (!groups.some(({ tags }) => tags.some(({ name }) => name === tag))) {
      throw new Error(`No module declares the tag ${tag}`);
    }
  }
  const paths: ApiDescription["paths"] = {};
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
    servers: [{ url: site.url, description: "The server" }],
    tags: [...groups.flatMap(({ tags }) => tags), webhookTag],
    // As several tools know them; OpenAPI 3.1 has no groups of tags.
    "x-tagGroups": [
      ...groups.map(({ name, tags }) => ({ name, tags: tags.map(({ name }) => name) })),
      { name: "Events", tags: [webhookTag.name] },
    ],
    paths,
    webhooks: Object.fromEntries(
      site.webhooks.map((webhook) => [webhook.event, { post: describeWebhook(webhook, components) }]),
    ),
    components: {
      schemas: components.schemas,
      responses: components.responses,
      examples: components.examples,
      headers,
      securitySchemes: site.securitySchemes,
    },
  };
}

function headersOf(names: (keyof typeof headers)[]): Record<string, Reference> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function describeEndpoint(endpoint: Endpoint, components: Components): ApiOperation {
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
      ...(readsRevision(endpoint) ? [ifMatch] : []),
      ...(endpoint.changes ? [idempotencyKey] : []),
    ],
    ...(endpoint.body || endpoint.upload ? { requestBody: requestBodyOf(endpoint, components) } : {}),
    responses: { ...answersOf(endpoint, components), ...errorAnswersOf(endpoint, components) },
  };
}

/** What it does and who may call it. */
function describeCall(endpoint: Endpoint): string {
  const { description, guard, changes } = endpoint;
  const requirements: Record<string, string> = {
    administrator: `Requires the role ${guard.role} or higher.`,
    analytics: "Requires an administrator or an analytics token.",
    apiKey: guard.isOptional ? "An API key is optional." : "Requires an API key.",
    session: guard.isOptional ? "A session token is optional." : "Requires a session token.",
  };
  const credential = guard.scheme === null
    ? "No authentication required."
    : requirements[guard.scheme] ?? `Requires the credential ${guard.scheme}.`;
  return [
    description,
    credential,
    readsRevision(endpoint) ? "With If-Match, applies to that revision only." : "",
    changes ? "Accepts an Idempotency-Key." : "",
  ].filter(Boolean).join(" ");
}

function requestBodyOf(endpoint: Endpoint, components: Components): ApiOperation["requestBody"] {
  if (endpoint.upload) return uploadOf(endpoint.upload);
  const schema = components.schemaOf(endpoint.body!, "input", nameOf(endpoint, "Request"));
  const media = { schema, example: exampleOf(schema, components.schemas) };
  const types = endpoint.dialect.bodyTypes ?? ["application/json"];
  return { required: true, content: Object.fromEntries(types.map((type) => [type, media])) };
}

function uploadOf({ type, example }: NonNullable<Endpoint["upload"]>): ApiOperation["requestBody"] {
  const file = { type: "string", contentMediaType: "application/octet-stream", description: "The file" };
  const form = { type: "object", properties: { file }, required: ["file"] };
  return {
    required: true,
    content: { [type]: { schema: { type: "string" }, example }, "multipart/form-data": { schema: form } },
  };
}

function answersOf(endpoint: Endpoint, components: Components): Record<string, ApiResponse> {
  const names: (keyof typeof headers)[] = ["X-Request-Id"];
  if (isLimited(endpoint)) {
    names.push("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit", "RateLimit-Policy");
  }
  if (endpoint.hasRevision && endpoint.method !== "delete") names.push("ETag");
  const seen = new Map<unknown, string>();
  return Object.fromEntries(
    Object.entries(endpoint.answers).map(([status, { description, schema, type, example }]) => {
      const answer = { description, headers: headersOf(names) };
      if (!schema) {
        const media = example === undefined ? {} : { schema: { type: "string" }, example };
        return [status, type ? { ...answer, content: { [type]: media } } : answer];
      }
      const name = seen.get(schema) ?? nameOf(endpoint, seen.size === 0 ? "Response" : `${status}Response`);
      seen.set(schema, name);
      const described = components.schemaOf(schema, "output", name);
      const media = { schema: described, example: exampleOf(described, components.schemas) };
      return [status, { ...answer, content: { "application/json": media } }];
    }),
  );
}

function errorAnswersOf(endpoint: Endpoint, components: Components): ApiOperation["responses"] {
  const answers: ApiOperation["responses"] = {};
  for (const [status, codes] of errorsByStatus(endpoint)) {
    // A status that is also a successful answer, such as a check that is answered 403, is described there.
    if (status in endpoint.answers) continue;
    const waits = status === 429 || status === 503;
    const schema = components.schemaOf(endpoint.dialect.errorSchema, "output");
    const response = {
      description: codes.map((code) => `- \`${code}\`: ${meanings[code].message}`).join("\n"),
      headers: headersOf(waits ? ["X-Request-Id", "Retry-After"] : ["X-Request-Id"]),
      content: {
        "application/json": { schema, examples: exampleErrors(endpoint, schema, status, codes, components) },
      },
    };
    answers[status] = codes.length > 2
      ? response
      : components.responseOf(nameOfErrors(schema, codes), response, status);
  }
  return answers;
}

/** The body of each code, as its dialect writes it. */
function exampleErrors(
  { dialect }: Endpoint,
  schema: Json,
  status: number,
  codes: ApiErrorCode[],
  components: Components,
): Record<string, Reference> {
  return Object.fromEntries(codes.map((code) => {
    const answers = exampleErrorsOf(code).map((error) => dialect.errorResponse(error));
    const at = Math.max(0, answers.findIndex((answer) => answer.status === status));
    const name = `${nameOfErrors(schema, [code])}${at === 0 ? "" : status}`;
    // An empty body is that of a text.
    const example = () => ({ summary: meanings[code].message, value: answers[at].body ?? "" });
    return [code, components.exampleOf(name, example)];
  }));
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
  if (readsRevision(endpoint)) codes.push("REVISION_OUTDATED");
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

function parametersOf(
  endpoint: Endpoint,
  location: "path" | "query",
  components: Components,
): ApiParameter[] {
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
    description: String(description),
    schema: shape,
  }));
}
