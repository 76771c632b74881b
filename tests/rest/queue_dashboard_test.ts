// Authorisation of the queue dashboard: owners only.
import assert from "node:assert/strict";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import type { Role } from "../../server/domain/actor.ts";
import { createTestSession } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();

async function tokenOf(role: Role): Promise<string> {
  const ctx = await server.ctx();
  const { id } = await createAdministrator(ctx, {
    email: `${role}@example.com`,
    name: role,
    role,
    password: "correct horse",
  });
  return (await createTestSession(ctx, id)).token;
}

test("the queue dashboard refuses callers without a session and managers, and lists every queue for owners", async () => {
  for (const below of ["", "/api/queues", "/static/js/x.js"]) {
    assert.equal((await server.get(`/admin/queues${below}`)).status, 401, below);
  }
  const manager = { authorization: `Bearer ${await tokenOf("manager")}` };
  assert.equal((await server.get("/admin/queues", manager)).status, 403);
  assert.equal((await server.get("/admin/queues/api/queues", manager)).status, 403);
  const owner = { authorization: `Bearer ${await tokenOf("owner")}` };
  const page = await server.get("/admin/queues", owner);
  assert.equal(page.status, 200);
  assert.match(page.body, /Latchkey/);
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  assert.ok(page.headers.get("x-request-id"));
  const { status, body } = await server.get("/admin/queues/api/queues", owner);
  assert.equal(status, 200);
  const names = body.queues.map((queue: { name: string }) => queue.name);
  for (const name of ["events", "webhooks", "mail", "housekeeping"]) assert.ok(names.includes(name), name);
});

test("the server stops without an error", () => server.stop());
