// Parses every answer of the server against the schema its endpoint declares. Unknown fields fail.
import assert from "node:assert/strict";
import type { Endpoint } from "../../server/request/endpoint.ts";
import { errorsOf } from "../../server/request/openapi.ts";
import { exampleErrorsOf } from "../../server/request/error_examples.ts";
import type { ApiErrorCode } from "../../server/request/error_messages.ts";

/** Checks a response; `body` is its parsed JSON. */
export type AnswerCheck = (method: string, url: string, answer: { status: number; body: unknown }) => void;

/** Returns a check for the responses of these endpoints. Pages and unknown paths are not checked. */
export function checkAnswersOf(endpoints: Endpoint[]): AnswerCheck {
  const described = endpoints.filter(({ operationId }) => operationId).map((endpoint) => ({
    endpoint,
    pattern: new RegExp(`^${endpoint.path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "([^/]+)")}/?$`),
    parameters: (endpoint.path.match(/\{/g) ?? []).length,
  })).sort((one, other) => one.parameters - other.parameters);
  return (method, url, { status, body }) => {
    const path = new URL(url).pathname;
    const verb = method === "QUERY" ? "get" : method.toLowerCase();
    const found = described.find(({ endpoint, pattern }) => endpoint.method === verb && pattern.test(path));
    if (found) checkAnswer(found.endpoint, status, body);
  };
}

function checkAnswer(endpoint: Endpoint, status: number, body: unknown): void {
  const name = `${endpoint.method.toUpperCase()} ${endpoint.path} answered ${status}`;
  const declared = endpoint.answers[status];
  // Some statuses are used for results and for errors: the body decides.
  if (declared && (!declared.schema || status < 400 || declared.schema.safeParse(body).success)) {
    if (declared.schema) assertParses(declared.schema, body, name);
    return;
  }
  assert.ok(status >= 400, `${name}, which it does not declare`);
  assertParses(endpoint.dialect.errorSchema, body, name);
  assertDeclaredError(endpoint, status, body, name);
}

/** Asserts that an error in the documented form has one of the declared codes. */
function assertDeclaredError(endpoint: Endpoint, status: number, body: unknown, name: string): void {
  const code = (body as { error?: { code?: string } } | null)?.error?.code;
  if (code === undefined) return;
  const codes = [
    ...errorsOf(endpoint),
    "INVALID_REQUEST",
    "PAYLOAD_TOO_LARGE",
    "METHOD_NOT_ALLOWED",
  ] as string[];
  assert.ok(codes.includes(code), `${name} with the code ${code}, which it does not declare`);
  // What is documented has an example of each status.
  const statuses = exampleErrorsOf(code as ApiErrorCode).map((error) =>
    endpoint.dialect.errorResponse(error).status
  );
  assert.ok(status in { 400: 1, 404: 1 } || statuses.includes(status), name);
}

type Schema = NonNullable<Endpoint["answers"][number]["schema"]>;

function assertParses(schema: Schema, body: unknown, name: string): void {
  const result = schema.safeParse(body);
  assert.ok(result.success, `${name}: ${result.error?.message}`);
  assert.deepEqual(result.data, body, `${name} with fields that its schema does not have`);
}
