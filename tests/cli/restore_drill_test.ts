// The drill: a system in use is backed up, goes on, and is lost. It is restored, and server and worker start on it.
import assert from "node:assert/strict";
import { Socket } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
import { createSession } from "../../server/domain/administrators/sessions.ts";
import { lockAdministrator } from "../../server/domain/administrators/lock_administrator.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { replaceRecoveryCodes } from "../../server/domain/administrators/recovery_codes.ts";
import { createApiKey, revokeApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { requestLink, sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { inTransaction } from "../../server/domain/context.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { erasePersonalData } from "../../server/domain/data_protection/erase.ts";
import { recordExpiries } from "../../server/domain/licenses/expiry_events.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { runRestore } from "../../cli/backup/commands.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { connect } from "../../db/connect.ts";
import { backUp, backupFolder, restore } from "../support/backups.ts";
import { createEmptyDatabase } from "../support/database.ts";
import { startReceiver } from "../support/receiver.ts";
import { testSecrets } from "../support/secrets.ts";
import { createTestSystem } from "../support/system.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";
import { startTestWorker } from "../support/worker.ts";

const DAY = 86_400_000;
const lost = await startTestServer();
const worker = await startTestWorker(lost);
const ctx = await lost.ctx();
const catalogue = await makeCatalogue(ctx);
const user = await makeUser(ctx);
const license = await makeUserLicense(ctx, catalogue, user, "yearly");
const disabled = await makeUserLicense(ctx, catalogue, await makeUser(ctx), "yearly");
await setLicensesEnabled(ctx, { ids: [disabled.id], enabled: false });
const revoked = await createApiKey(ctx, { name: "revoked", productId: null });
await revokeApiKey(ctx, revoked.row.id);
const { body: signedIn } = await login(lost, user.email, "PC");
const owner = await createAdministrator(ctx, {
  email: "owner@example.com",
  name: "Owner",
  role: "owner",
  password: "correct horse battery staple",
});
const { token: administratorToken } = await inTransaction(ctx, async (ctx) => {
  const locked = await lockAdministrator(ctx, owner.id);
  await replaceRecoveryCodes(ctx, locked);
  return await createSession(ctx, locked, { name: "Browser", ip: null });
});
await requestLink(ctx, { purpose: "sign_in", email: user.email });
await sendRequestedLinks(ctx, lost.url);

const receiver = await startReceiver();
const { secret } = await createWebhook(
  ctx,
  { url: receiver.url, description: "", eventTypes: ["license.activated"], headers: {} },
  readNetworks(["127.0.0.0/8"]),
);
receiver.secret = secret;
const activate = (hardwareId: string) =>
  activateLicense(ctx, { licenseKey: license.key, hardwareId, machineName: null, appVersion: null });
/** The delivery about a machine. An event of just before the webhook was created may be delivered as well. */
async function deliveryOf(hardwareId: string) {
  const [{ uid }] = await lost.db<{ uid: string }[]>`
    select uid
    from events
    join activations on activations.id = events.activation_id
    where type = 'license.activated'
      and hardware_id = ${hardwareId}`;
  return await eventually(() => Promise.resolve(receiver.received.find(({ id }) => id === uid)));
}
await activate("sent before the backup");
const sentBefore = await deliveryOf("sent before the backup");
// A delivery whose result is not saved yet is sent once more by the next worker, under the same id.
await eventually(async () => {
  const [{ waiting }] = await lost.db`
    select count(*) as waiting
    from webhook_deliveries
    where due_at is not null`;
  return waiting === 0;
});
// Its delivery is in the backup, and sent by the lost system only after it.
await worker.stop();
await activate("waiting in the backup");
const file = await backUp(lost, backupFolder());
const second = await startTestWorker(lost);
const sentAfter = await deliveryOf("waiting in the backup");
await second.stop();
const sentByLost = receiver.received.length;

const stores = await createEmptyDatabase();
const restored = await restore(stores, file);
const server = await startTestServer({}, stores);

test("the restored server verifies licenses, and what was disabled or revoked stays so", async () => {
  const machine = { license_key: license.key, hardware_hash: "sent before the backup" };
  const key = { "x-api-key": lost.apiKey };
  assert.equal((await server.post("/api/license/verify", machine, key)).body.code, "VALID");
  const other = { license_key: disabled.key, hardware_hash: "any" };
  assert.equal((await server.post("/api/license/verify", other, key)).body.code, "LICENSE_INACTIVE");
  assert.equal((await server.post("/api/license/verify", machine, { "x-api-key": revoked.key })).status, 401);
});

test("everybody is signed out, with links, codes and invitations, and signs in again", async () => {
  assert.ok(restored.ended.users >= 1 && restored.ended.administrators >= 1, JSON.stringify(restored.ended));
  assert.equal((await callV2(server, "GET", "/devices", undefined, signedIn.session_token)).status, 401);
  const bearer = { authorization: `Bearer ${administratorToken}`, "x-api-key": "" };
  assert.equal((await lost.get("/api/admin/customers", bearer)).status, 200);
  assert.equal((await server.get("/api/admin/customers", bearer)).status, 401);
  const [open] = await stores.db`
    select
      (select count(*) from email_links where token_hash is not null and used_at is null) as links,
      (select count(*) from administrator_recovery_codes where used_at is null) as codes,
      (select count(*) from mails where sent_at is null and failed_at is null and expires_at is not null) as mails`;
  assert.deepEqual({ ...open }, { links: 0, codes: 0, mails: 0 });
  assert.equal((await login(server, user.email, "PC")).status, 200);
});

test("tokens are signed with the key of before, which can be read", async () => {
  const { body } = await login(server, user.email, "PC");
  const kidOf = ({ signature }: { signature: string }) => JSON.parse(atob(signature.split(".")[0])).kid;
  assert.equal(kidOf(body.entitlement_token), kidOf(signedIn.entitlement_token));
});

test("what was delivered is not delivered again, and what waited has the id that it had", async () => {
  const again = await startTestWorker(stores);
  await receiver.arrived(sentByLost + 1);
  await eventually(async () => {
    const [{ waiting }] = await stores
      .db`select count(*) as waiting from webhook_deliveries where due_at is not null`;
    return waiting === 0;
  });
  await again.stop();
  const repeated = receiver.received.slice(sentByLost);
  assert.deepEqual(repeated.map(({ id }) => id), [sentAfter.id]);
  assert.deepEqual(repeated[0].payload, sentAfter.payload);
  assert.notEqual(sentBefore.id, sentAfter.id);
  assert.equal(receiver.refused, 0, "webhook secrets are readable");
});

test("a notice of expiry that is recorded again has the id of the first", async () => {
  const later = new Date(ctx.now.getTime() + 340 * DAY);
  const idsOf = async (db: typeof stores.db) => {
    const cipher = createCipher(testSecrets.ENCRYPTION_KEY);
    await recordExpiries(await systemContext(db, "tests", later, cipher));
    return [
      ...await db`select uid, license_id from events where type = 'license.expiring' order by license_id`,
    ];
  };
  const first = await idsOf(lost.db);
  assert.ok(first.length > 0);
  assert.deepEqual(await idsOf(stores.db), first);
});

test("every table of tokens and codes is among those that a restore ends", async () => {
  // API keys stay: apps have them. The message of the command says to revoke them again.
  const kept = [
    "api_keys.key_hash",
    "sessions.state_hash",
    "administrators.password_hash",
    "users.password_hash",
  ];
  const columns = await stores.db<{ table: string; column: string }[]>`
    select table_name as "table", column_name as "column"
    from information_schema.columns
    where table_schema = 'public' and (column_name like '%\\_hash' or column_name = 'challenge')`;
  const sources = await Promise.all(
    ["accounts", "administrators"].map((folder) =>
      Deno.readTextFile(new URL(`../../server/domain/${folder}/end_sign_ins.ts`, import.meta.url))
    ),
  );
  const missing = columns.filter(({ table, column }) =>
    !kept.includes(`${table}.${column}`) &&
    !new RegExp(`(?:update|delete from) ${table}\\b`).test(sources.join())
  );
  assert.deepEqual(missing.map(({ table, column }) => `${table}.${column}`), []);
});

test("a database that PostgreSQL recovered itself is completed the same way", async () => {
  await server.stop();
  const settings = { DATABASE_URL: stores.databaseUrl, ENCRYPTION_KEY: testSecrets.ENCRYPTION_KEY };
  const [before] = await stores.db`select max(id) as id from sessions`;
  const lines: string[] = [];
  const redis = new Redis(stores.redisUrl);
  for (
    const key of [
      "{latchkey-queues}:events:1",
      "{latchkey-limits-0}:x",
      "{latchkey-attempts-x}:x",
      "of another program",
    ]
  ) {
    await redis.set(key, 1);
  }
  await runRestore(
    { recovered: true },
    { ...settings, REDIS_URL: stores.redisUrl },
    (line) => lines.push(line),
  );
  assert.deepEqual(await redis.keys("*"), ["of another program"]);
  redis.disconnect();
  const away = { ...settings, REDIS_URL: "redis://127.0.0.1:1" };
  await assert.rejects(
    runRestore({ recovered: true }, away, () => {}),
    /can be used, but Redis could not be emptied/,
  );
  assert.match(lines.join("\n"), /Ended [1-9]\d* sessions of users/);
  const [left] = await stores
    .db`select count(*) from sessions where revoked_at is null and expires_at > now()`;
  assert.equal(left.count, 0);
  const [next] = await stores.db`select nextval('sessions_id_seq') as id`;
  assert.ok(next.id > before.id + 1000, `${next.id} after ${before.id}`);
});

test("who was erased after a backup is erased again when it is restored", async () => {
  const own = backupFolder();
  const source = await createTestSystem();
  const ctx = await source.ctx();
  const [listed, replaced] = [
    await createCustomer(ctx, { name: "In a list" }),
    await createCustomer(ctx, { name: "Later" }),
  ];
  const old = join(own, "old.age");
  await Deno.rename(await backUp(source, own), old);
  await erasePersonalData(ctx, { kind: "customer", id: listed.id, confirmation: "In a list" });
  await backUp(source, own);
  // This one is known to the database that is replaced, and to no list beside a backup.
  await erasePersonalData(ctx, { kind: "customer", id: replaced.id, confirmation: "Later" });
  assert.equal((await restore(source, old, { replace: true })).erased, 2);
  const names = await source.db`select name from customers order by id`;
  assert.deepEqual(names.map(({ name }) => name), [
    `Erased customer ${listed.id}`,
    `Erased customer ${replaced.id}`,
  ]);
  await source.db.end();
});

test("what is written to the database is not held back until it has acknowledged what came before", async () => {
  const { setNoDelay } = Socket.prototype;
  const undelayed: unknown[] = [];
  Socket.prototype.setNoDelay = function (isOn) {
    undelayed.push(isOn);
    return setNoDelay.call(this, isOn);
  };
  try {
    const db = connect(stores.databaseUrl, { max: 1, name: "tests" });
    await db`select 1`;
    await db.end();
  } finally {
    Socket.prototype.setNoDelay = setNoDelay;
  }
  assert.ok(undelayed.includes(true));
});

test("the systems stop", async () => {
  await lost.stop();
  await receiver.stop();
  await stores.db.end();
});
