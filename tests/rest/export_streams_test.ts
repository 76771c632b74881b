// Exports whose reader is slow, gone, or never wanted the body hold up no other export.
import assert from "node:assert/strict";
import { createApp } from "../../server/app.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { createTestSession, makeAdministrator } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const app = createApp(server.server.services, server.config);
const owner = await makeAdministrator(server, "owner");
const ctx = await server.ctx();
for (let number = 0; number < 50; number++) {
  await createCustomer(ctx, { name: `Customer ${number}`, email: `c${number}@example.com` });
}
const { token } = await createTestSession(ctx, owner.id);

const request = (method: string, format: string) =>
  app.fetch(
    new Request(`http://localhost/api/admin/customers/export?format=${format}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    }),
    { peer: "127.0.0.1" },
  );

for (const format of ["csv", "xlsx"]) {
  test(`${format}: HEAD requests and readers that stop leave the next export alone`, async () => {
    for (let times = 0; times < 10; times++) {
      const head = await request("HEAD", format);
      assert.equal(head.status, 200);
      assert.equal(await head.text(), "");
      // Its body is never read.
      assert.equal((await request("GET", format)).status, 200);
      const left = await request("GET", format);
      const reader = left.body!.getReader();
      await reader.read();
      await reader.cancel();
    }
    const whole = await (await request("GET", format)).bytes();
    assert.ok(whole.length > 1000);
  });
}

test("the server stops", () => server.stop());
