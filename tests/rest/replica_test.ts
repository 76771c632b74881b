// A server with a read replica: what may be a little old comes from it, and nothing that it does not have yet, also while it
// is behind or gone.
import assert from "node:assert/strict";
import { connect } from "../../db/connect.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { cloneStores } from "../support/database.ts";
import { makeLicense } from "../support/fixtures.ts";
import { signInToPanel } from "../support/panel.ts";
import { startReplicatedPostgres } from "../support/replica.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const postgres = await startReplicatedPostgres();
const own = await cloneStores();
await own.db.end();
const db = connect(postgres.url, { max: 5, name: "tests" });
const replica = connect(postgres.replicaUrl, { max: 2, name: "tests" });
const stores = { ...own, db, databaseUrl: postgres.url };
const server = await startTestServer({ REPLICA_URL: postgres.replicaUrl }, stores);
const ctx = await server.ctx();
const { client } = await signInToPanel(server, "viewer");

/** Resolves once the replica has everything. */
const caughtUp = () =>
  eventually(async () => {
    const [{ position }] = await db<{ position: string }[]>`
      select pg_current_wal_insert_lsn()::text as position`;
    const [{ isPast }] = await replica<{ isPast: boolean }[]>`
      select pg_last_wal_replay_lsn() >= ${position}::text::pg_lsn as is_past`;
    return isPast;
  });

/** Whether a server reads from the replica, by the last statements on its connections, of which PostgreSQL shows 1 kB. */
async function readsReplica(part: string, work: () => Promise<unknown>): Promise<boolean> {
  const find = () =>
    replica<{ ran: string }[]>`
      select pid || ' ' || query_start as ran
      from pg_stat_activity
      where application_name like 'latchkey replica %' and query like ${`%${part}%`}
      order by ran`;
  const before = JSON.stringify(await find());
  await work();
  return JSON.stringify(await find()) !== before;
}

const listLicenses = () => client.licenses.list.query({ sort: "-id" });

async function activated() {
  const license = await makeLicense(ctx);
  const machine = { license_key: license.key, hardware_hash: "machine" };
  assert.equal((await server.post("/api/license/activate", machine)).status, 201);
  return { license, machine };
}

const verify = async (machine: unknown) => {
  const { body } = await server.post("/api/license/verify", machine);
  return body.code ?? body.error.code;
};
const forget = () => server.server.services.cache.invalidateAll();

test("lists, statistics and cache misses are read from the replica once it has caught up", async () => {
  const { machine } = await activated();
  await caughtUp();
  const reads: [part: string, work: () => Promise<unknown>][] = [
    ["as key, l.product_id", listLicenses],
    ["group by valid_until", () => client.statistics.expiriesAhead.query({ days: 10 })],
    ["l.id, l.key, l.product_id", async () => {
      forget();
      assert.equal(await verify(machine), "VALID");
    }],
  ];
  for (const [part, work] of reads) await eventually(() => readsReplica(part, work));
});

test("what a replica that is behind lacks comes from the database", async () => {
  const { license, machine } = await activated();
  await caughtUp();
  await replica`select pg_wal_replay_pause()`;
  try {
    const later = await activated();
    assert.equal(await verify(later.machine), "VALID", "an activation is no recorded change");
    // Another process made it, of which this one has to hear.
    await eventually(async () => (await listLicenses()).rows[0].id === later.license.id);
    await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
    await eventually(async () => await verify(machine) === "LICENSE_INACTIVE");
    for (let round = 0; round < 5; round++) {
      forget();
      assert.equal(await verify(machine), "LICENSE_INACTIVE");
    }
    const { rows } = await listLicenses();
    assert.equal(rows.find(({ id }) => id === license.id)!.isActive, false);
    const check = async () => (await server.server.services.readiness.check()).get("replica")!;
    await eventually(async () => /behind/.test((await check()).problem ?? ""));
  } finally {
    await replica`select pg_wal_replay_resume()`;
  }
  await caughtUp();
  assert.equal(await verify(machine), "LICENSE_INACTIVE");
});

test("without the replica everything goes on, and it is used again once it is back", async () => {
  const { machine } = await activated();
  await caughtUp();
  await replica.end({ timeout: 0 });
  await postgres.stopReplica();
  for (let round = 0; round < 3; round++) {
    forget();
    assert.equal(await verify(machine), "VALID");
    assert.ok((await listLicenses()).rows.length > 0);
  }
  const isWell = async () => (await server.server.services.readiness.check()).get("replica")!.isWell;
  assert.ok(!await isWell());
  await postgres.restartReplica();
  await eventually(isWell, 20_000);
});

test("servers and databases stop", async () => {
  await server.stop();
  await db.end();
  await postgres.stop();
});
