// Rule 6: an endpoint is a declaration, and everything it declares is described, in words and in OpenAPI 3.1.
import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { z } from "zod";
import { listEndpoints } from "../../server/app.ts";
import { complete, readEnvironment } from "../../server/config.ts";
import { errorCodes } from "../../server/request/error_messages.ts";
import { errorsOf } from "../../server/request/openapi.ts";
import type { Endpoint } from "../../server/request/endpoint.ts";
import { testSecrets } from "../support/secrets.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

const server = await startTestServer();
const config = complete({
  ...readEnvironment({}),
  DATABASE_URL: server.databaseUrl,
  REDIS_URL: server.redisUrl,
  ...testSecrets,
});
const endpoints = listEndpoints(server.server.services, config);
const { body: description } = await server.get("/openapi.json");
await server.stop();

type Json = Record<string, unknown>;
const nameOf = ({ method, path }: Endpoint) => `${method.toUpperCase()} ${path}`;
const operations = Object.values(description.paths as Record<string, Record<string, Json>>)
  .flatMap((methods) => Object.values(methods));

test("there are endpoints, and each has an address of its own", () => {
  const names = endpoints.map(nameOf);
  assert.ok(names.includes("POST /api/license/verify"));
  assertNone(names.filter((name, index) => names.indexOf(name) !== index), "Mount it once:");
});

test("every endpoint says in a line what it does", () => {
  assertNone(
    endpoints.filter(({ summary }) => !/^\S.*[^.\s]$/.test(summary) || summary.length > 100).map((endpoint) =>
      `${nameOf(endpoint)}: ${JSON.stringify(endpoint.summary)}`
    ),
    "Give it a summary of one line without a full stop:",
  );
});

test("every endpoint describes its good answers", () => {
  assertNone(
    endpoints.flatMap((endpoint) => [
      ...Object.keys(endpoint.answers).length === 0 ? [`${nameOf(endpoint)} has none`] : [],
      ...Object.entries(endpoint.answers).filter(([, answer]) => answer.description.trim() === "")
        .map(([status]) => `${nameOf(endpoint)}: ${status}`),
    ]),
    "Declare the answer, and say in `description` when it comes:",
  );
});

test("every field of every input, answer and error is described", () => {
  const broken: string[] = [];
  const look = (name: string, schema: z.ZodType | undefined, io: "input" | "output") => {
    if (schema) {
      broken.push(...undescribed(z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json, name));
    }
  };
  for (const endpoint of endpoints) {
    const name = nameOf(endpoint);
    look(`${name}: params`, endpoint.params, "input");
    look(`${name}: query`, endpoint.query, "input");
    look(`${name}: body`, endpoint.body, "input");
    for (const [status, { schema }] of Object.entries(endpoint.answers)) {
      look(`${name}: ${status}`, schema, "output");
    }
  }
  for (const dialect of new Set(endpoints.map(({ dialect }) => dialect))) {
    const { tag } = endpoints.find((endpoint) => endpoint.dialect === dialect)!;
    look(`the errors of "${tag}"`, dialect.errorSchema, "output");
  }
  assertNone(broken, "Say with .describe(), or with .meta() where it has an id, what it is:");
});

/** The fields of a JSON schema that have no description, neither where they stand nor where their type is defined. */
function undescribed(root: Json, name: string): string[] {
  const definitions = root.$defs as Record<string, Json> | undefined;
  const found: string[] = [];
  const seen = new Set<Json>();
  const visit = (given: Json, path: string): void => {
    const named = typeof given.$ref === "string"
      ? definitions?.[given.$ref.replace("#/$defs/", "")]
      : undefined;
    const schema = named ?? given;
    if (seen.has(schema)) return;
    seen.add(schema);
    for (const [field, shape] of Object.entries(schema.properties as Record<string, Json> ?? {})) {
      if (!isDescribed(shape)) found.push(`${path}.${field}`);
      visit(shape, `${path}.${field}`);
    }
    for (const part of ["anyOf", "oneOf", "allOf", "prefixItems"]) {
      for (const shape of schema[part] as Json[] ?? []) visit(shape, path);
    }
    for (const part of ["items", "additionalProperties"]) {
      if (typeof schema[part] === "object") visit(schema[part] as Json, `${path}[]`);
    }
  };
  const isDescribed = (shape: Json): boolean => {
    if (typeof shape.description === "string" && shape.description.trim() !== "") return true;
    const named = typeof shape.$ref === "string"
      ? definitions?.[shape.$ref.replace("#/$defs/", "")]
      : undefined;
    if (named) return isDescribed(named);
    // "This or null" is described where this is.
    return (shape.anyOf as Json[] ?? []).some(isDescribed);
  };
  visit(root, name);
  return found;
}

test("every name in an address is a parameter, and every parameter is in the address", () => {
  assertNone(
    endpoints.filter(({ path, params }) => {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
      const schema: Json = params
        ? z.toJSONSchema(params, { io: "input", unrepresentable: "any" }) as Json
        : {};
      return String(named) !== String(Object.keys(schema.properties ?? {}).sort());
    }).map(nameOf),
    "Declare in `params` what the path has in braces:",
  );
});

test("what a PATCH changes has a revision: it and the DELETE read If-Match, and the GET answers the ETag", () => {
  const changing = endpoints.filter(({ method }) => method === "patch");
  const paths = new Set(changing.map(({ path }) => path));
  assert.ok(changing.length > 8);
  assertNone(
    endpoints.filter(({ method, path, hasRevision }) => paths.has(path) && method !== "post" && !hasRevision)
      .map(nameOf),
    "Declare `hasRevision`, hand `revision` to the verb, and answer an object with its revision:",
  );
});

test("a GET changes nothing", () => {
  assertNone(
    endpoints.filter(({ method, changes }) => method === "get" && changes).map(nameOf),
    "Make it a POST, or leave out `changes`:",
  );
});

test("every endpoint is in the API description, apart from the description itself and pages for people", () => {
  const described = description.paths as Record<string, Json>;
  assertNone(
    endpoints.filter(({ path, method }) =>
      !/^\/(openapi\.json|account(\/.*)?|magic-link|mailbox)$/.test(path) &&
      described[path]?.[method] === undefined
    ).map(nameOf),
    "Hand it to serverCalls() in server/app.ts, as `described`:",
  );
});

test("every operation has an id of its own", () => {
  const ids = operations.map(({ operationId }) => operationId as string);
  assertNone(ids.filter((id, index) => ids.indexOf(id) !== index), "Change one of the paths:");
});

test("every refusal in the catalogue can happen", () => {
  const declared = new Set(endpoints.flatMap(errorsOf));
  const thrown = new Set(
    code.filter(({ path }) => under("server/", "worker/")(path) && path !== "server/domain/errors.ts")
      .map(withoutComments)
      .flatMap((source) => find(source, /"([A-Z][A-Z0-9_]+)"/g))
      .map(({ found }) => found[1]),
  );
  assertNone(
    errorCodes.filter((code) => !declared.has(code) && !thrown.has(code)),
    "Nothing refuses with these. Remove them from server/domain/errors.ts:",
  );
});

test("/openapi.json is OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(description));
  assert.ok(valid, JSON.stringify(errors, null, 2));
  assert.match(description.openapi, /^3\.1\./);
});

test("/openapi.json points at nothing that is missing, and names nothing that is not used", () => {
  const text = JSON.stringify(description);
  const used = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target));
  const there = new Set(
    ["schemas", "responses", "examples", "headers"].flatMap((kind) =>
      Object.keys(description.components[kind]).map((name) => `#/components/${kind}/${name}`)
    ),
  );
  assertNone([...used].filter((target) => !there.has(target)), "These are pointed at and missing:");
  assertNone([...there].filter((target) => !used.has(target)), "These are there and nothing points at them:");
  const schemes = new Set(Object.keys(description.components.securitySchemes));
  assertNone(
    operations.flatMap(({ security }) => (security as Json[]).flatMap((entry) => Object.keys(entry)))
      .filter((scheme) => !schemes.has(scheme)),
    "Describe these credentials in server/rest/describe.ts:",
  );
});
