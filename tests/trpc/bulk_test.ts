// Bulk changes with a preview over tRPC: thousands of ids in one call, and authorisation.
import assert from "node:assert/strict";
import { makeLicense } from "../support/fixtures.ts";
import { refusalOf, signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const manager = (await signInToPanel(server, "manager")).client.licenses;
const viewer = (await signInToPanel(server, "viewer")).client.licenses;

test("Ten thousand licenses are selected, previewed, extended and restored to their earlier terms", async () => {
  const { customerId, productId } = await makeLicense(ctx, { validUntil: null });
  await server.db`
    insert into licenses (
      key, key_digest, product_id, customer_id, type, valid_from, valid_until, max_activations, max_users,
      created_at, updated_at
    )
    select 'many-' || n, sha256(n::text::bytea), ${productId}, ${customerId}, 'subscription', '2030-01-01',
      '2030-12-31', 1, 1, now(), now()
    from generate_series(1, 9999) as n`;
  const { ids: licenseIds, isMore } = await viewer.matching.query({ customerId });
  assert.deepEqual([licenseIds.length, isMore], [10_000, false]);
  const preview = await viewer.preview.mutate({ licenseIds, action: "extend", by: "P1Y" });
  assert.deepEqual([preview.total, preview.changes, preview.unchanged, preview.webhooks], [
    10_000,
    9999,
    1,
    0,
  ]);
  assert.equal((await refusalOf(viewer.extend.mutate({ licenseIds, by: "P1Y" }))).code, "FORBIDDEN");
  const { extended, ends } = await manager.extend.mutate({ licenseIds, by: "P1Y" });
  assert.deepEqual([extended, ends.length, ends[0].is], [9999, 9999, "2031-12-31"]);
  assert.equal((await refusalOf(viewer.undoExtension.mutate({ ends }))).code, "FORBIDDEN");
  assert.deepEqual(await manager.undoExtension.mutate({ ends }), { restored: 9999, skipped: 0 });
});

test("A preview requires a duration for an extension and refuses it for other actions", async () => {
  const { id } = await makeLicense(ctx);
  for (
    const input of [
      { action: "extend" as const },
      { action: "delete" as const, by: "P1Y" },
      { action: "extend" as const, by: "soon" },
    ]
  ) {
    const refused = await refusalOf(viewer.preview.mutate({ licenseIds: [id], ...input }));
    assert.deepEqual([refused.code, refused.details.field], ["INVALID_REQUEST", "by"]);
  }
});

test("A preview of a transfer requires the customer, and transferring requires a manager", async () => {
  const { id, customerId } = await makeLicense(ctx);
  for (const input of [{ action: "transfer" as const }, { action: "delete" as const, customerId }]) {
    const refused = await refusalOf(viewer.preview.mutate({ licenseIds: [id], ...input }));
    assert.deepEqual([refused.code, refused.details.field], ["INVALID_REQUEST", "customerId"]);
  }
  const { customerId: other } = await makeLicense(ctx);
  const transfer = { licenseIds: [id], customerId: other };
  assert.equal((await refusalOf(viewer.transfer.mutate(transfer))).code, "FORBIDDEN");
  const { transferred, customers } = await manager.transfer.mutate(transfer);
  assert.deepEqual([transferred, customers], [1, [{ id, was: customerId, is: other }]]);
  assert.equal((await refusalOf(viewer.undoTransfer.mutate({ customers }))).code, "FORBIDDEN");
  assert.deepEqual(await manager.undoTransfer.mutate({ customers }), { restored: 1, skipped: 0 });
});

test("The server stops without an error", () => server.stop());
