// External ids: one for each row, dialect and kind, also with concurrent requests.
import assert from "node:assert/strict";
import { findByExternalId, getExternalId } from "../../server/domain/external_ids/external_ids.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx();
const license = { dialect: "example", kind: "license", id: 7 };

test("the external id of a row is a UUID and stays the same", async () => {
  const first = await getExternalId(ctx, license);
  assert.match(first, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(await getExternalId(ctx, license), first);
  assert.equal(await findByExternalId(ctx, { ...license, externalId: first }), 7);
});

test("fifty concurrent requests get the same external id", async () => {
  const ids = await Promise.all(Array.from({ length: 50 }, () => getExternalId(ctx, { ...license, id: 8 })));
  assert.equal(new Set(ids).size, 1);
});

test("another dialect and another kind have different ids", async () => {
  const ids = await Promise.all([
    getExternalId(ctx, license),
    getExternalId(ctx, { ...license, dialect: "other" }),
    getExternalId(ctx, { ...license, kind: "customer" }),
  ]);
  assert.equal(new Set(ids).size, 3);
  assert.equal(await findByExternalId(ctx, { dialect: "other", kind: "license", externalId: ids[0] }), null);
});

test("an unknown external id has no row", async () => {
  assert.equal(await findByExternalId(ctx, { ...license, externalId: crypto.randomUUID() }), null);
});

test("the database connections close", () => system.db.end());
