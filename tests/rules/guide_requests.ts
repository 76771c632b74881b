// The requests that a program of a guide makes, read from its text in whatever language, against the API description:
// method, path, fields, credential.
import { sourceOf } from "./source.ts";

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  [keyword: string]: unknown;
}

interface Operation {
  parameters?: { name: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
  security?: Record<string, unknown>[];
}

const description: {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
} = JSON.parse(sourceOf("openapi.json"));

const root = "api|leads|trpc|health|metrics|\\.well-known";
/** `post("/api/…"`, `PostAsync("/api/…"`, `call("GET", f"/api/…"`. */
const requests = new RegExp(
  `\\b(get|post|put|patch|delete)(?:Async)?[\\W_]{0,4}f?["'\`](/(?:${root})[^"'\`\\n]*)["'\`]`,
  "gi",
);
const paths = new RegExp(`["'\`](/(?:${root})[^"'\`\\n]*)["'\`]`, "g");

/** The header of each security scheme. */
const credentials: Record<string, string> = {
  apiKey: "X-API-Key",
  administrator: "Authorization",
  analytics: "Authorization",
  session: "Authorization",
};

/** What is wrong with the requests of a program; nothing when they are as the API description has them. */
export function findWrongRequests(program: string): string[] {
  const called = [...program.matchAll(requests)].map(([, method, path]) => ({ method, path }));
  const wrong = [...program.matchAll(paths)].map(([, path]) => path)
    .filter((path) => !called.some((request) => request.path === path))
    .map((path) => `the method of ${path} cannot be read`);
  const known = new Set<string>();
  for (const { method, path } of called) {
    const operation = findOperation(method.toLowerCase(), path);
    if (!operation) {
      wrong.push(`there is no ${method} ${path}`);
      continue;
    }
    for (const field of fieldsOf(operation)) known.add(field);
    for (const field of requiredOf(operation)) {
      if (!new RegExp(`\\b${field}\\b`).test(program)) wrong.push(`${path} requires ${field}`);
    }
    const [scheme] = Object.keys(operation.security?.at(-1) ?? {});
    if (scheme && !program.includes(credentials[scheme])) wrong.push(`${path} wants ${credentials[scheme]}`);
  }
  if (called.length === 0) return wrong;
  return [
    ...wrong,
    ...wireNamesIn(program).filter((name) => !known.has(name)).map((name) => `no request has ${name}`),
  ];
}

/** The number of requests that a program makes. */
export function countRequests(program: string): number {
  return [...program.matchAll(requests)].length;
}

/** Quoted words and keys in snake_case; no name of a program's own is written so. */
function wireNamesIn(program: string): string[] {
  const names = /["'`]([a-z]+(?:_[a-z0-9]+)+)["'`]|(?<![\w.$])([a-z]+(?:_[a-z0-9]+)+)\??: /g;
  return [...program.matchAll(names)].map(([, quoted, key]) => quoted ?? key);
}

function findOperation(method: string, path: string): Operation | undefined {
  const parts = path.replace(/\?.*$/, "").split("/");
  const found = Object.keys(description.paths).find((template) => {
    const expected = template.split("/");
    return expected.length === parts.length &&
      expected.every((part, at) => part === parts[at] || /^\{.*\}$/.test(part) && parts[at].includes("{"));
  });
  return found === undefined ? undefined : description.paths[found][method];
}

function requiredOf({ requestBody }: Operation): string[] {
  const schema = requestBody?.content["application/json"]?.schema;
  return schema ? resolve(schema).required ?? [] : [];
}

function fieldsOf({ parameters = [], requestBody, responses }: Operation): Set<string> {
  const fields = new Set(parameters.map(({ name }) => name));
  const seen = new Set<Schema>();
  const add = (value: unknown) => {
    if (Array.isArray(value)) return value.forEach(add);
    if (typeof value !== "object" || value === null) return;
    const schema = resolve(value as Schema);
    if (seen.has(schema)) return;
    seen.add(schema);
    for (const name of Object.keys(schema.properties ?? {})) fields.add(name);
    Object.values(schema).forEach(add);
  };
  add(requestBody?.content);
  for (const { content } of Object.values(responses)) add(content);
  return fields;
}

function resolve(schema: Schema): Schema {
  return schema.$ref?.startsWith("#/components/schemas/")
    ? description.components.schemas[schema.$ref.slice("#/components/schemas/".length)]
    : schema;
}
