// What the lists, searches and statistics of the panel cost with a million licenses, by PostgreSQL's plans: the data set is
// small, and its statistics say that each table has five hundred times as many rows. Nothing depends on the clock.
import assert from "node:assert/strict";
import { quoteName } from "../../db/backup/tables.ts";
import { connect } from "../../db/connect.ts";
import { listUsers } from "../../server/domain/accounts/list_users.ts";
import { listAnomalies } from "../../server/domain/anomalies/resolve.ts";
import type { Context } from "../../server/domain/context.ts";
import { listCustomers } from "../../server/domain/customers/list.ts";
import { listDevices } from "../../server/domain/devices/list.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { listLeads } from "../../server/domain/leads/list.ts";
import { getLeadStats } from "../../server/domain/leads/statistics.ts";
import { listLicenseIds, listLicenses } from "../../server/domain/licenses/list.ts";
import { getExpiriesAhead } from "../../server/domain/monitoring/expiries_ahead.ts";
import { getLiveStats } from "../../server/domain/monitoring/live_stats.ts";
import { getVersionsInUse } from "../../server/domain/monitoring/versions.ts";
import { listPlans } from "../../server/domain/plans/list.ts";
import { listProducts } from "../../server/domain/products/list.ts";
import { listResources } from "../../server/domain/resources/list.ts";
import { searchEverything } from "../../server/domain/search/search.ts";
import { listSeats } from "../../server/domain/seats/list.ts";
import { listDeliveries } from "../../server/domain/webhooks/list.ts";
import {
  countSkippedRows,
  explain,
  type PlanNode,
  recordStatements,
  type SentStatement,
} from "../support/statements.ts";
import { createTestSystem } from "../support/system.ts";
import { testSecrets } from "../support/secrets.ts";
import { test } from "../support/test.ts";
import { loadDataSet } from "./scale/load.ts";
import { readKnown } from "./scale/known.ts";
import { pageInput } from "./scale/panel_call.ts";
import { panelCalls } from "./scale/panel_calls.ts";

/** The part of a million licenses that is loaded. */
const FACTOR = 0.002;

const system = await createTestSystem();
await loadDataSet(system.db, { factor: FACTOR, encryptionKey: testSecrets.ENCRYPTION_KEY });
await system.db`
  select pg_restore_relation_stats(
    'schemaname', 'public', 'relname', relname::text, 'relpages', relpages, 'reltuples', (reltuples / ${FACTOR}::real)::real
  )
  from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'i') and reltuples > 100`;
// What the bench measures with: a disk without a moving head. Connections that are open keep what they began with.
const [{ name }] = await system.db<{ name: string }[]>`
  select current_database() as name`;
await system.db.unsafe(`alter database ${quoteName(name)} set random_page_cost = 1.1`);
const db = connect(system.databaseUrl, { max: 8, name: "tests" });
const ctx = { ...await system.ctx(), db };
const known = await readKnown(db);

/** Each of them is called with every filter, order and kind of text that the bench measures. */
// deno-lint-ignore no-explicit-any
const calls: Record<string, (ctx: Context, input: any) => Promise<any>> = {
  "anomalies.list": listAnomalies,
  "customers.list": listCustomers,
  "devices.list": listDevices,
  "events.list": listEvents,
  "leads.list": listLeads,
  "leads.stats": getLeadStats,
  "licenses.list": listLicenses,
  "licenses.matching": listLicenseIds,
  "monitoring.liveStats": getLiveStats,
  "plans.list": listPlans,
  "products.list": listProducts,
  "resources.list": listResources,
  "search.everything": (ctx, input) => searchEverything(ctx, { type: null, limit: 20, ...input }),
  "sessions.list": listSeats,
  "statistics.expiriesAhead": (ctx, { days }) => getExpiriesAhead(ctx, days),
  "statistics.versionsInUse": getVersionsInUse,
  "users.list": listUsers,
  "webhooks.deliveries": (ctx, { id, ...query }) => listDeliveries(ctx, id, query),
};

/**
 * Whether a merge join finds the rows that have a partner, or none, wherever these are. Few licenses are deleted: the next
 * row of a license that is not is near.
 */
function mayReadToTheEnd({ Plans: parts = [], ...node }: PlanNode): boolean {
  const isUneven = node["Node Type"] === "Merge Join" && /Semi|Anti/.test(node["Join Type"] ?? "") &&
    !parts.some((part) => part["Index Name"] === "licenses_deleted");
  return isUneven || parts.some(mayReadToTheEnd);
}

/** What a statement may cost by its plan. Reading 5,000,000 rows one after the other costs more than 50,000. */
const MAX_COST = 40_000;
/** Statements of a call, without `explain`. */
const MAX_STATEMENTS: Record<string, number> = { "search.everything": 13, "monitoring.liveStats": 6 };
const MAX_STATEMENTS_OF_A_LIST = 5;

async function sentBy(procedure: string, input: unknown): Promise<SentStatement[]> {
  const recorded = recordStatements(db);
  await calls[procedure]({ ...ctx, db: recorded.db }, input ?? {});
  return recorded.sent().filter(({ text }) => !/^\s*(explain|select set_config)\b/.test(text));
}

for (const procedure of Object.keys(calls)) {
  test(`every ${procedure} has a bounded cost and number of statements`, async () => {
    const expensive: string[] = [];
    const of = panelCalls(known).filter((call) => call.procedure === procedure);
    assert.ok(of.length > 0);
    for (const call of of) {
      const { name } = call;
      const input = await pageInput(call, call.input(1), (input) => calls[procedure](ctx, input ?? {}));
      const statements = await sentBy(procedure, input);
      const most = MAX_STATEMENTS[procedure] ?? MAX_STATEMENTS_OF_A_LIST;
      assert.ok(statements.length <= most, `${name}: ${statements.length} statements`);
      for (const statement of statements) {
        const plan = await explain(db, statement);
        const { "Total Cost": cost } = plan;
        if (/^\s*(select count|with first_rows)/.test(statement.text) && mayReadToTheEnd(plan)) {
          expensive.push(`${name}: a merge join finds the total, which may read both tables to their ends`);
        }
        if (cost > MAX_COST) {
          expensive.push(`${name}: ${Math.round(cost)} for ${statement.text.slice(0, 300)}`);
        }
      }
    }
    assert.deepEqual(expensive, []);
  });
}

test("a period is read from its last row on, without those that are later", async () => {
  const until = new Date(Date.now() - 1000 * 86_400_000).toISOString();
  for (
    const [procedure, input] of Object.entries({
      "events.list": { until },
      "devices.list": { activatedUntil: until },
      "licenses.list": { createdUntil: until },
    })
  ) {
    const [page] = (await sentBy(procedure, input)).filter(({ text }) => text.includes("row_id"));
    // The page, without the total.
    assert.ok(await countSkippedRows(db, page) < 100, procedure);
  }
});

test("rows with a text are found before they are put in order", async () => {
  // All customers with this word are in one place of the order by name.
  for (const sort of ["name", "-name", "id"]) {
    for (const filter of [{}, { hasLicenses: true }]) {
      const [page] = (await sentBy("customers.list", { q: "Kestrel", sort, ...filter }))
        .filter(({ text }) => text.includes("row_id"));
      assert.ok(await countSkippedRows(db, page) < 50, sort);
    }
  }
  // Licenses that ended years ago were issued before most others.
  const endsBy = new Date(Date.now() - 900 * 86_400_000).toISOString().slice(0, 10);
  for (const sort of ["-id", "id", "-validUntil", "-updatedAt"]) {
    const [page] = (await sentBy("licenses.list", { endsBy, sort })).filter(({ text }) =>
      text.includes("row_id")
    );
    assert.ok(await countSkippedRows(db, page) < 50, sort);
  }
});

test("the machines that calls name are of licenses that are not deleted", async () => {
  const [{ count }] = await db`
    select count(distinct id) as count
    from licenses
    where deleted_at is null and id = any(${known.machines.map(({ licenseId }) => licenseId)})`;
  assert.equal(count, new Set(known.machines.map(({ licenseId }) => licenseId)).size);
});

test("the database connections close", async () => {
  await db.end();
  await system.db.end();
});
