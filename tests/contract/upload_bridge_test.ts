// The document "Upload Bridge License Server API": each documented request is sent over both listeners, and the
// response must have the documented shape.
import assert from "node:assert/strict";
import { requestLink, sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { listReadableMails } from "../../server/domain/mail/mail.ts";
import { makeRelease } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { assertShape } from "../support/assert_shape.ts";
import { test } from "../support/test.ts";
import { makeCatalogue, makeUser, makeUserLicense, password } from "../support/users.ts";
import { examples, type ExampleState } from "./upload_bridge_calls.ts";

/** Values that depend on the run. All other values must equal those of the document. */
const moving = new Set([
  "id",
  "sub",
  "session_token",
  "iat",
  "exp",
  "expires_at",
  "starts_at",
  "timestamp",
  "last_seen_at",
  "entitlement_id",
]);

function assertDocumented(actual: unknown, shown: unknown, path: string): void {
  if (typeof shown !== "object" || shown === null) return assert.deepEqual(actual, shown, path);
  for (const [field, value] of Object.entries(shown)) {
    if (moving.has(field)) continue;
    assertDocumented((actual as Record<string, unknown>)[field], value, `${path}.${field}`);
  }
}

for (const listener of ["node", "deno"]) {
  const server = await startTestServer({ LISTENER: listener });
  const ctx = await server.ctx();
  const catalogue = await makeCatalogue(ctx);
  await makeRelease(ctx, catalogue.product.id, "1.1.0");
  const user = await makeUser(ctx, { email: "user@example.com", name: "User Name", password });
  await makeUserLicense(ctx, catalogue, user, "monthly");

  const state: ExampleState = {
    server,
    token: "",
    entitlementToken: null,
    deviceNumber: 0,
    async mailToken() {
      await requestLink(await server.ctx(), { purpose: "sign_in", email: "user@example.com" });
      await sendRequestedLinks(await server.ctx(), server.url);
      const [mail] = await listReadableMails(await server.ctx());
      return mail.text.match(/[0-9a-f]{64}/)![0];
    },
  };

  for (const { call, request, status, shows, extra, nullable, complete } of examples) {
    if (complete && listener === "deno") continue;
    test(`${call} answers as documented (${listener} listener)`, async () => {
      const reply = await request(state);
      assert.equal(reply.status, status, JSON.stringify(reply.body));
      assertShape(reply.body, shows, { extra, nullable });
      assertDocumented(reply.body, shows, "body");
    });
  }

  test(`the ${listener} listener logs no secret and stops`, async () => {
    await server.stop();
    assert.ok(!server.logged().includes(password));
    assert.doesNotMatch(server.logged(), /[0-9a-f]{64}/);
  });
}
