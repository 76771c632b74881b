// Architecture rule 3: a dialect is a folder and one line. A test dialect is added to a copy of the program; its
// endpoint, errors, CORS, API description and webhooks work without another change.
import assert from "node:assert/strict";
import { freePort } from "../../db/embedded/free_port.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { copyProgram } from "../support/program_copy.ts";
import { startReceiver } from "../support/receiver.ts";
import { testSecrets } from "../support/secrets.ts";
import { createTestSystem } from "../support/system.ts";
import { eventually, test } from "../support/test.ts";

const example = `// A dialect for one test.
import { z } from "zod";
import { findByExternalId, getExternalId } from "../../domain/external_ids/external_ids.ts";
import type { DialectModule } from "../../request/dialect_module.ts";
import { type Dialect, endpoint, ok } from "../../request/endpoint.ts";
import { describeApiError } from "../../request/error_form.ts";
import { anonymous, type Guard } from "../../request/guards.ts";
import { RequestError } from "../../request/request_error.ts";

const form: Dialect = {
  errorSchema: z.object({ problem: z.string().describe("The code") }).meta({ id: "ExampleProblem" }),
  errorResponse: (error) => ({ status: describeApiError(error).status, body: { problem: error.code } }),
};

const guard: Guard = {
  scheme: "exampleKey",
  errors: ["API_KEY_REQUIRED"],
  limits: [],
  identify({ raw }) {
    if (!raw.headers.has("x-example")) throw new RequestError("API_KEY_REQUIRED");
    return anonymous;
  },
};

export const example: DialectModule = {
  name: "zz_example",
  prefixes: ["/zz"],
  securitySchemes: {
    exampleKey: { type: "apiKey", in: "header", name: "X-Example", description: "Any value" },
  },
  tags: [{ name: "Example", description: "Licenses by the ids of this test." }],
  form,
  cors: true,
  endpoints: () => [
    endpoint({
      method: "get",
      path: "/zz/licenses/{id}",
      operationId: "getExampleLicense",
      summary: "Get a license",
      tag: "Example",
      dialect: form,
      guard,
      params: z.object({ id: z.coerce.number().describe("The number") }),
      answers: { 200: { description: "The license", schema: z.object({ uuid: z.string(), id: z.int() }) } },
      async handle({ ctx, params: { id } }) {
        const subject = { dialect: "zz_example", kind: "license" };
        const uuid = await getExternalId(ctx, { ...subject, id });
        return ok({ uuid, id: await findByExternalId(ctx, { ...subject, externalId: uuid }) });
      },
    }),
  ],
  webhookFormat: ({ type, licenseId }) => JSON.stringify({ zz: type, license: licenseId }),
};
`;

const copy = await copyProgram({
  "server/dialects/zz_example/zz_example.ts": () => example,
  "server/dialects/all.ts": (text) => `${text}export { example } from "./zz_example/zz_example.ts";\n`,
});

const system = await createTestSystem();
const port = freePort();
const url = `http://127.0.0.1:${port}`;
const start = (file: string) =>
  new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", file],
    cwd: copy.root,
    env: {
      HOST: "127.0.0.1",
      PORT: String(port),
      DATABASE_URL: system.databaseUrl,
      REDIS_URL: system.redisUrl,
      ...testSecrets,
      WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8",
      LOG_LEVEL: "off",
    },
    stdout: "null",
  }).spawn();
const processes = [start("server/main.ts"), start("worker/main.ts")];
await eventually(() => fetch(`${url}/health`).then(({ ok }) => ok, () => false), 30_000);

async function call(path: string, init: RequestInit = {}) {
  const response = await fetch(url + path, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null };
}

test("the dialect's endpoint answers and uses its own guard", async () => {
  const { status, body } = await call("/zz/licenses/7", { headers: { "x-example": "1" } });
  assert.equal(status, 200);
  assert.equal(body.id, 7);
  assert.match(body.uuid, /^[0-9a-f-]{36}$/);
  assert.deepEqual(await call("/zz/licenses/7").then(({ status, body }) => [status, body]), [
    401,
    { problem: "API_KEY_REQUIRED" },
  ]);
});

test("errors have the dialect's form: invalid input, wrong method, unknown path", async () => {
  const headers = { "x-example": "1" };
  const answers = await Promise.all([
    call("/zz/licenses/seven", { headers }),
    call("/zz/licenses/7", { method: "DELETE" }),
    call("/zz/nothing"),
  ]);
  assert.deepEqual(answers.map(({ status, body }) => [status, body]), [
    [400, { problem: "INVALID_REQUEST" }],
    [405, { problem: "METHOD_NOT_ALLOWED" }],
    [404, { problem: "NOT_FOUND" }],
  ]);
});

test("pages of other sites may call the dialect", async () => {
  const preflight = await call("/zz/licenses/7", {
    method: "OPTIONS",
    headers: { origin: "https://a.example" },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
});

test("the API description has the dialect's operation, tag, error schema and security scheme", async () => {
  const { body } = await call("/openapi.json");
  assert.deepEqual(body.paths["/zz/licenses/{id}"].get.security, [{ exampleKey: [] }]);
  assert.deepEqual(body.tags.find(({ name }: { name: string }) => name === "Example"), {
    name: "Example",
    description: "Licenses by the ids of this test.",
  });
  assert.ok(body.components.schemas.ExampleProblem);
  assert.equal(body.components.securitySchemes.exampleKey.name, "X-Example");
});

test("a webhook endpoint of the dialect receives bodies in the dialect's format", async () => {
  const ctx = await system.ctx();
  const receiver = await startReceiver();
  const terms = { url: receiver.url, description: "", eventTypes: ["license.created"], headers: {} };
  const { row, secret } = await createWebhook(ctx, terms, readNetworks(["127.0.0.0/8"]));
  receiver.secret = secret;
  await system.db`update webhooks set format = 'zz_example' where id = ${row.id}`;
  const license = await makeLicense(await system.ctx());
  const [{ payload }] = await receiver.arrived(1, 20_000);
  assert.deepEqual(payload, { zz: "license.created", license: license.id });
  await receiver.stop();
});

test("server and worker stop, and the copy is removed", async () => {
  for (const child of processes) child.kill("SIGTERM");
  for (const { code } of await Promise.all(processes.map(({ status }) => status))) assert.equal(code, 0);
  await system.db.end();
  await copy.remove();
});
