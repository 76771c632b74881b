// Files that are shown to the server, right and wrong in every way of the table: never a fault, no change, no false anomaly.
import assert from "node:assert/strict";
import { fileOf, offlineProduct } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, makeCatalogue, makeUser, makeUserLicense, startTestSession } from "../support/users.ts";
import { fileKinds, readVectors } from "../support/vectors.ts";

const server = await startTestServer();
const { product, checkout, makeOffline } = await offlineProduct(server);

test("wrong files of every kind change nothing", async () => {
  const { machine, license } = await makeOffline();
  fileOf(await checkout(machine));
  const ctx = await server.ctx();
  const user = await makeUser(ctx);
  await makeUserLicense(ctx, await makeCatalogue(ctx), user, "monthly");
  const token = await startTestSession(ctx, user, "machine-1");
  const calls: ((file: string) => ReturnType<typeof server.post>)[] = [
    (file) => server.post("/api/license/verify", { ...machine, file }),
    (file) => server.post("/api/license/heartbeat", { ...machine, file }),
    (file) => server.post("/api/v1/validate", { license_key: license.key, hardware_id: "machine-1", file }),
    // The check of an entitlement token takes no file: it is no token either.
    (file) => callV2(server, "POST", "/license/validate", { entitlement_token: file, file }, token),
  ];
  const stateOf = () =>
    server.db`select shown_seq, cloned_at, seq from license_files where license_id = ${license.id}`;
  const before = await stateOf();
  const texts = fileKinds.flatMap((kind) => readVectors(`file_${kind}`)).map(({ given }) => given.file);
  const files = [...new Set<string>(texts)];
  for (const [index, file] of files.entries()) {
    const { status } = await calls[index % calls.length](file);
    assert.ok(status === 200 || status === 400, `${status}: ${file.slice(0, 200)}`);
  }
  assert.deepEqual(await stateOf(), before);
  // A checkout gives a new file, whatever is shown: only the numbers of files go on.
  let issued = 0;
  for (const file of files) {
    const { status } = await checkout({ ...machine, license_file: file });
    assert.ok(status === 200 || status === 400, `${status}: ${file.slice(0, 200)}`);
    if (status === 200) issued++;
  }
  assert.ok(issued > 0);
  const [{ shownSeq, clonedAt }] = await stateOf();
  assert.deepEqual([shownSeq, clonedAt], [before[0].shownSeq, before[0].clonedAt]);
  const [{ count }] = await server.db`
    select count(*)::integer as count from events where type = 'license_file.cloned'`;
  assert.equal(count, 0);
});

test("a full list is built once for all who ask at the same time", async () => {
  const { machine, license } = await makeOffline();
  fileOf(await checkout(machine));
  await server.db`
    insert into license_statuses (product_id, license_id, activation_id, created_at, expires_at, revoked_at)
    select ${product.id}, s.license_id, s.activation_id, now(), now() + interval '30 days',
      case when n % 2 = 0 then now() end
    from license_statuses s, generate_series(1, 131072) n
    where s.license_id = ${license.id}`;
  await server.db`analyze license_statuses`;
  const path = `${server.url}/.well-known/license-status/${product.id}`;
  const texts = await Promise.all(Array.from({ length: 50 }, async () => {
    const response = await fetch(`${path}-0`);
    return await response.text();
  }));
  assert.deepEqual([texts.length, new Set(texts).size], [50, 1]);
  const next = await fetch(`${path}-1`);
  assert.equal(next.status, 200, "the places beyond are in the next list");
  await next.body?.cancel();
});

test("the server stops", () => server.stop());
