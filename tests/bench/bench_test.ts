// The benches in a very small form, so that they keep working: the data set at scale agrees with itself, as triggers and
// foreign keys are off while it is loaded; every call that is measured is answered, and rightly.
import assert from "node:assert/strict";
import { keyDigest, parseKey } from "../../server/domain/licenses/key.ts";
import { appRouter } from "../../server/trpc/router.ts";
import { times } from "../support/concurrency.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { compareAnswers } from "./compare_answers.ts";
import { drawChart } from "./chart.ts";
import { headersFor, otherRequests, prepareSample } from "./measure_listener.ts";
import { linesOf, type MeasuredSubject, problemsOf } from "./report.ts";
import { signIn } from "./sample_sessions.ts";
import { subjectsOf } from "./subjects.ts";
import { signOwnerIn } from "./bench_callers.ts";
import { readKnown } from "./scale/known.ts";
import { measureCall, type MeasuredCall } from "./scale/measure_calls.ts";
import { measureExports } from "./scale/measure_exports.ts";
import { notMeasured, panelCalls } from "./scale/panel_calls.ts";
import { loadDataSet } from "./scale/load.ts";
import { sampleKey } from "./scale/sample_key.ts";
import type { MeasuredSizes } from "./simulation/measure_sizes.ts";
import { fitLine, simulate } from "./simulation/model.ts";

const server = await startTestServer();
const stores = server;
const listIndexes = () =>
  stores.db`
    select indexdef
    from pg_indexes
    where schemaname = 'public' and not (
      select relispartition
      from pg_class
      where oid = indexname::regclass
    )
    order by indexdef`;
const indexesBefore = await listIndexes();
await loadDataSet(stores.db, { factor: 0.0003, encryptionKey: server.config.ENCRYPTION_KEY });

test("the data set has all indexes and constraints of the schema afterwards", async () => {
  assert.deepEqual(await listIndexes(), indexesBefore);
});

test("the data set has counters that match the activations", async () => {
  const [counts] = await stores.db`
    select
      count(*) as licenses,
      count(*) filter (where l.activations_in_use <> (
        select count(*)
        from activations a
        where a.license_id = l.id and a.is_active
      )) as wrong,
      count(*) filter (where l.activations_in_use > l.max_activations) as beyond
    from licenses l`;
  assert.deepEqual({ ...counts }, { licenses: 300, wrong: 0, beyond: 0 });
});

test("the data set has rows for all references", async () => {
  const references = await stores.db<{ table: string; column: string; target: string }[]>`
    select c.conrelid::regclass::text as table, a.attname as column, c.confrelid::regclass::text as target
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    join pg_attribute key on key.attrelid = c.confrelid and key.attnum = c.confkey[1]
    where c.contype = 'f' and c.conparentid = 0 and key.attname = 'id'`;
  for (const { table, column, target } of references) {
    const [{ missing }] = await stores.db.unsafe(
      `select count(*) as missing from ${table} where ${column} is not null and ${column} not in (select id from ${target})`,
    );
    assert.equal(missing, 0, `${table}.${column}`);
  }
});

test("the data set has keys that the product finds by their digest", async () => {
  for (const id of [1, 150, 300]) {
    const parsed = parseKey(sampleKey(id));
    assert.equal(parsed.checksumMismatch, false);
    const [row] = await stores.db`
      select id, key
      from licenses
      where key_digest = ${keyDigest(parsed)}`;
    assert.deepEqual({ ...row }, { id, key: sampleKey(id) });
  }
});

test("the data set has licenses in every state, and the next ones get the next ids", async () => {
  const [states] = await stores.db`
    select
      count(*) filter (where deleted_at is not null) > 0 as deleted,
      count(*) filter (where not is_active) > 0 as disabled,
      count(*) filter (where valid_until < current_date) > 0 as expired,
      count(*) filter (where valid_until >= current_date) > 0 as expiring,
      count(*) filter (where valid_until is null) > 0 as unlimited,
      nextval(pg_get_serial_sequence('licenses', 'id')) as next
    from licenses`;
  assert.deepEqual({ ...states }, {
    deleted: true,
    disabled: true,
    expired: true,
    expiring: true,
    unlimited: true,
    next: 301,
  });
});

test("every query of the panel is measured, or named as one whose cost does not grow", async () => {
  const measured = panelCalls(await readKnown(stores.db)).map(({ procedure }) => procedure);
  const queries = Object.entries<unknown>(appRouter._def.procedures)
    .filter(([, procedure]) => (procedure as { _def: { type: string } })._def.type === "query")
    .map(([name]) => name);
  assert.deepEqual([...new Set([...measured, ...notMeasured])].sort(), queries.sort());
});

test("every call that is measured is answered", async () => {
  const token = await signOwnerIn(await server.ctx());
  const calls = panelCalls(await readKnown(stores.db));
  const measured: MeasuredCall[] = [];
  const waiting = [...calls];
  await times(4, async () => {
    for (let call = waiting.pop(); call; call = waiting.pop()) {
      measured.push(await measureCall(server.url, token, call, 1));
    }
  });
  assert.deepEqual(measured.filter(({ problem }) => problem), []);
  assert.equal(new Set(measured.map(({ call }) => call)).size, calls.length, "their names differ");
});

test("every export that is measured is read to its end", async () => {
  const token = await signOwnerIn(await server.ctx());
  const measured = await measureExports({ url: server.url, memory: () => Promise.resolve(0) }, token);
  assert.deepEqual(measured.map(({ status, isWhole }) => [status, isWhole]), Array(4).fill([200, true]));
});

test("every call of apps that is measured is answered as the database says", async () => {
  const sample = await prepareSample(stores.db, 1000, 20);
  const users = await signIn(stores.db, server.url, sample.users);
  for (const subject of subjectsOf({ ...sample, users })) {
    const requests = await subject.requests(1 / 1000);
    const headers = headersFor(subject, server.apiKey);
    const given = [...requests.slice(0, 3), ...otherRequests(subject, sample)];
    const url = server.url + subject.path;
    assert.deepEqual(await compareAnswers(stores.db, { ...subject, url, headers }, given), [], subject.name);
  }
});

test("the figures of a run name what is not as it should be, and are drawn", () => {
  const round = { requests: 9, requestsPerSecond: 50, p50: 1, p99: 12, cpu: 40, failed: 0 };
  const subject: MeasuredSubject = {
    listener: "node",
    name: "verify",
    round,
    withDefaultLimits: { ...round, failed: 2 },
    against: [{ yardstick: "constant", round, byCpu: 0.5, byRate: 1, counts: "byCpu", goal: 0.8 }],
    maxP99: 10,
    maxAddedCpu: 60,
  };
  assert.deepEqual(problemsOf(subject), [
    "verify on node: 0.50 of constant, goal 0.8",
    "verify on node: p99 12.0 ms, goal 10",
    "verify on node: 2 requests failed",
  ]);
  assert.match(
    linesOf(subject).join(),
    /verify .* 40 .* constant .* 0\.50 .* BELOW.* 0 µs more than constant/,
  );
  const costly = { ...subject, round: { ...round, cpu: 110 } };
  assert.match(problemsOf(costly).join(), /verify on node: 70 µs more than constant, goal 60/);
  assert.match(linesOf(costly).join(), /70 µs more than constant, goal 60 ABOVE/);
  const chart = drawChart({ subjects: [subject], machine: "a <machine>", deno: "2", at: "2026-11-25" });
  assert.match(chart, /^<svg .*verify.*a &lt;machine>.*<\/svg>\n$/s);
});

test("the simulation finds the line that sizes lie on, and computes with it", () => {
  const points = [10_000, 50_000, 100_000].map((licenses) => ({ licenses, bytes: 8192 + 300 * licenses }));
  const { fixed, each, deviation } = fitLine(points);
  assert.deepEqual([Math.round(fixed), Math.round(each), deviation < 1e-9], [8192, 300, true]);
  assert.ok(fitLine([...points, { licenses: 200_000, bytes: 1 }]).deviation > 0.3);
  const measured = points.map(({ licenses, bytes }): MeasuredSizes => ({
    factor: licenses / 1e6,
    licenses,
    activations: 5 * licenses,
    activeMachines: 3 * licenses,
    events: 5 * licenses,
    relations: [
      { table: "licenses", index: null, isUnique: false, bytes },
      { table: "licenses", index: "licenses_pkey", isUnique: true, bytes: bytes / 10 },
      { table: "licenses", index: "licenses_search", isUnique: false, bytes },
    ],
    backup: { bytes: 100 * licenses, seconds: licenses / 100_000 },
  }));
  const [small, large] = [1e6, 1e8].map((licenses) => simulate(licenses, measured));
  assert.equal(Math.round(large.tableBytes), 8192 + 300e8);
  assert.equal(Math.round(large.hotBytes), Math.round(1.1 * (8192 + 300e8)));
  assert.equal(Math.round(large.requests / small.requests), 100);
  assert.ok(large.cached < small.cached && small.cached <= 1);
  assert.equal(large.backupHours.toFixed(3), (1000 / 3600).toFixed(3));
});

test("the server stops", () => server.stop());
