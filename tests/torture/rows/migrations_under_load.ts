// Migrations while requests are answered: behind long readers, with concurrent indexes, two at once, and killed.
import { setTimeout as delay } from "node:timers/promises";
import { ownProgram } from "../../../db/migration_files.ts";
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { copyProgram } from "../../support/program_copy.ts";
import { eventually } from "../../support/test.ts";
import { post } from "../answers.ts";
import { migrateCommand, runMigrate } from "../next_version.ts";
import type { TortureRow } from "../row.ts";
import { figuresOf, hasNoFailure, startSteadyLoad } from "../steady_load.ts";
import { startSystem } from "../system.ts";

const MACHINES = 5;
/** The longest answer: a migration waits 300 ms for a lock, and other requests wait behind it. Milliseconds. */
const LONGEST = 1500;
/** The number of the first request before the migrations; later than all others. */
const BEFORE = 1_000_000;
const head = `-- requires program ${ownProgram.version}\n`;

const migrations: Record<string, string> = {
  "9001_license_region.sql": "alter table licenses add column region text default 'eu';\n",
  "9002_activation_region.sql": "alter table activations add column region text;\n",
  "9003_activations_by_region.sql": "-- no transaction\n" +
    "create index concurrently if not exists activations_by_region on activations (region, app_version);\n" +
    "create index concurrently if not exists activations_by_machine on activations (machine_name);\n",
  "9004_license_region_present.sql":
    "alter table licenses add constraint licenses_region_present check (region <> '') not valid;\n",
  "9005_license_region_valid.sql": "alter table licenses validate constraint licenses_region_present;\n",
};

export const row: TortureRow = {
  fault:
    "migrations while 200 requests a second run: behind a reader of 10 s, two at once, one killed in an index build",
  reach: "0 failures; no answer takes longer than 1.5 s",
  coveredBy: ["tests/rest/schema_changes_test.ts", "tests/domain/migrations_test.ts"],
  async run() {
    const [perSecond, licenses, hold] = [200, 20_000, 10_000];
    const [system, next] = await Promise.all([
      startSystem("full"),
      copyProgram(Object.fromEntries(
        Object.entries(migrations).map(([name, sql]) => [`db/migrations/${name}`, () => head + sql]),
      )),
    ]);
    try {
      const { keys, hardwareOf } = await loadLicenses(system.db, licenses, MACHINES, 1_000_000);
      const servers = await Promise.all([system.startServer(), system.startServer()]);
      await system.startWorker();
      const send = async (n: number) => {
        const key = keys[n % keys.length];
        const isNew = n % 8 === 7;
        // Every other activation and its saved answer are a transaction.
        const repeatable = n % 16 === 15 ? { "Idempotency-Key": `request ${n}` } : undefined;
        return await post(`${servers[(n >> 3) % 2].url}/api/license/${isNew ? "activate" : "verify"}`, {
          ...system.headers,
          ...repeatable,
        }, {
          license_key: key,
          hardware_hash: isNew ? `machine ${n}` : hardwareOf(key, 1 + n % MACHINES),
        });
      };
      const before = startSteadyLoad(perSecond, (n) => send(n + BEFORE));
      await delay(hold / 2);
      const usual = await before.stop();
      const load = startSteadyLoad(perSecond, send);

      const reader = await system.db.reserve();
      await reader.unsafe("begin; lock table licenses, activations in access share mode");
      const released = delay(hold).then(async () => {
        await reader`rollback`;
        // The index build waits for this transaction, as for any that is older.
        await reader.unsafe("begin isolation level repeatable read; select 1 from settings");
      });
      const both = [0, 1].map(() => migrateCommand(system.databaseUrl, next.root).spawn());
      await released;
      await eventually(async () => {
        const [{ waits }] = await system.db<{ waits: boolean }[]>`
          select exists (
            select from pg_stat_activity
            where datname = current_database() and query like 'create index concurrently%' and wait_event_type = 'Lock'
          ) as waits`;
        return waits;
      }, 60_000);
      for (const child of both) child.kill("SIGKILL");
      await Promise.all(both.map((child) => child.output()));
      const again = runMigrate(system.databaseUrl, next.root);
      const [{ left }] = await system.db<{ left: number }[]>`
        select count(*) as left
        from pg_index
        where not indisvalid`;
      await delay(hold / 10);
      await reader`rollback`;
      reader.release();
      const { code, output } = await again;
      await delay(hold / 10);
      const report = await load.stop();
      const [{ applied, invalid }] = await system.db<{ applied: number; invalid: number }[]>`
        select
          (select count(*) from migrations where name >= '9') as applied,
          (select count(*) from pg_index where not indisvalid) as invalid`;
      return {
        held: hasNoFailure(report) && report.longest <= LONGEST && code === 0 &&
          applied === Object.keys(migrations).length && invalid === 0,
        figures: {
          ...figuresOf(report),
          "longest without migrations ms": usual.longest,
          "invalid indexes after the kill": left,
          "the last migrate": output,
          "exit code": code,
          "migrations applied": applied,
          "invalid indexes": invalid,
        },
      };
    } finally {
      await system.stop();
      await next.remove();
    }
  },
};
