// openapi.json is up to date, and no change of the API description breaks a client.
import assert from "node:assert/strict";
import { breakingChanges } from "../../cli/api_changes.ts";
import { describeServer } from "../../server/api_description.ts";
import { test } from "../support/test.ts";

// deno-lint-ignore no-explicit-any
const described = describeServer() as any;
const committed = JSON.parse(await Deno.readTextFile(new URL("../../openapi.json", import.meta.url)));

test("no change of the API description breaks a client", () => {
  assert.deepEqual(breakingChanges(committed, described), []);
});

test("openapi.json is up to date", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(described)), committed, "Run `deno task openapi`");
});

test("every kind of breaking change is detected", () => {
  // deno-lint-ignore no-explicit-any
  const after = (change: (description: any) => void) => {
    const changed = structuredClone(described);
    change(changed);
    return breakingChanges(described, changed);
  };
  const { components: { schemas } } = described;
  assert.deepEqual(after(() => {}), []);
  assert.deepEqual(after(({ paths }) => delete paths["/health"]), ["GET /health is removed"]);
  assert.deepEqual(after(({ paths }) => delete paths["/api/admin/products"].post), [
    "POST /api/admin/products is removed",
  ]);
  assert.ok(
    after(({ components }) => delete components.schemas.License.properties.key).some((change) =>
      /^GET \/api\/admin\/licenses\/\{id\}: answer 200\.key is removed$/.test(change)
    ),
  );
  assert.ok(schemas.ActivateLicenseRequest.properties.app_version);
  assert.deepEqual(
    after(({ components }) => components.schemas.ActivateLicenseRequest.required.push("app_version")),
    ["POST /api/license/activate: body.app_version is newly required"],
  );
  assert.deepEqual(
    after(({ components }) => components.schemas.StartSessionRequest.properties.license_key.type = "integer"),
    ["POST /api/license/session/start: body.license_key changes its type from string to integer"],
  );
  assert.deepEqual(
    after(({ paths }) => paths["/api/global-search"].get.parameters[1].schema.enum.pop()).length,
    1,
  );
});

test("every tag, operation, request body and JSON answer is described with an example", () => {
  const without: string[] = [];
  // deno-lint-ignore no-explicit-any
  const isComplete = (media: any) =>
    media?.["application/json"] === undefined || "example" in media["application/json"];
  for (const { name, description } of described.tags) if (!description) without.push(`tag ${name}`);
  for (const [path, operations] of Object.entries<Record<string, unknown>>(described.paths)) {
    // deno-lint-ignore no-explicit-any
    for (const [method, operation] of Object.entries<any>(operations as any)) {
      const name = `${method} ${path}`;
      if (!operation.description) without.push(`${name}: description`);
      if (!/^[a-z][a-z0-9]+([A-Z][a-z0-9]*)*$/.test(operation.operationId)) {
        without.push(`${name}: operationId`);
      }
      if (!isComplete(operation.requestBody?.content)) without.push(`${name}: example of the body`);
      for (const [status, answer] of Object.entries<{ content?: unknown }>(operation.responses)) {
        if (status.startsWith("2") && !isComplete(answer.content)) {
          without.push(`${name}: example of ${status}`);
        }
      }
    }
  }
  assert.deepEqual(without, []);
});

test("no example says only that a field is a text", () => {
  const found: string[] = [];
  const look = (value: unknown, at: string, isExample = false) => {
    if (value === "text" && isExample) found.push(at);
    if (typeof value !== "object" || value === null) return;
    for (const [name, part] of Object.entries(value)) {
      look(part, `${at} ${name}`, isExample || name === "example");
    }
  };
  look(described.paths, "");
  assert.deepEqual(found, [], "Add the field to server/request/example_texts.ts");
});
