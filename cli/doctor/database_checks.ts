// Checks of PostgreSQL: reachable, version, clock, durability, connections, migrations, privileges.
import type { Database } from "../../db/connect.ts";
import { readClockDifference } from "../../db/clock.ts";
import { findSchemaProblem } from "../../db/migration_state.ts";
import type { Config } from "../../server/config.ts";
import { hasDemoData } from "../../server/demo_credentials.ts";
import { isClockWrong } from "../../server/domain/monitoring/process_clocks.ts";
import { attempt, failure, type Finding, ok, warning } from "./check.ts";

/** Connections of a server process beside `DATABASE_CONNECTIONS`, and of a worker, as docs/operations/outages.md lists them. */
const OTHER_SERVER_CONNECTIONS = 19;
const WORKER_CONNECTIONS = 24;
const MIN_VERSION = 180_000;

/**
 * Checks the database.
 *
 * @returns whether the checks of its content can run
 */
export async function checkDatabase(
  db: Database,
  config: Config,
): Promise<{ isUsable: boolean; findings: Finding[] }> {
  const reached = await attempt(
    "database",
    "Check DATABASE_URL, that PostgreSQL runs, and that its network and pg_hba.conf let this machine in.",
    async () => {
      const [{ version }] = await db<{ version: string }[]>`
        select current_setting('server_version') as version`;
      return ok("database", `PostgreSQL ${version} answers.`);
    },
  );
  if (reached[0].result === "failure") return { isUsable: false, findings: reached };
  const basics = [checkVersion(db), checkClock(db), checkDurability(db), checkConnections(db, config)];
  const findings = [...reached, ...(await Promise.all(basics)).flat(), ...await checkSize(db)];
  const migrations = await attempt("migrations", "Run: deno task latchkey migrate", async () => {
    const problem = await findSchemaProblem(db);
    return problem
      ? failure(
        "migrations",
        problem,
        "Run deno task latchkey migrate with this version, or install another one.",
      )
      : ok("migrations", "This program works on the schema.");
  });
  if (migrations[0].result === "failure") return { isUsable: false, findings: [...findings, ...migrations] };
  const more = [...await checkPrivileges(db), ...await checkDemoData(db)];
  return { isUsable: true, findings: [...findings, ...migrations, ...more] };
}

function checkVersion(db: Database): Promise<Finding[]> {
  const next = "Use PostgreSQL 18 or later.";
  return attempt("database version", next, async () => {
    const [{ number }] = await db<{ number: number }[]>`
      select current_setting('server_version_num')::integer as number`;
    const major = Math.floor(number / 10_000);
    return number < MIN_VERSION
      ? failure("database version", `${major} is older than 18.`, next)
      : ok("database version", `${major}.`);
  });
}

function checkClock(db: Database): Promise<Finding[]> {
  const next = "Set both clocks by NTP. The database's clock decides; see docs/operations/clocks.md.";
  return attempt("clock", next, async () => {
    const difference = await readClockDifference(db);
    const found = `This machine differs by ${Math.abs(difference)} ms from the database.`;
    return isClockWrong(difference) ? warning("clock", found, next) : ok("clock", found);
  });
}

function checkDurability(db: Database): Promise<Finding[]> {
  const next = "Turn it on: otherwise a crash loses changes that were acknowledged.";
  return attempt("database durability", next, async () => {
    const off = await db<{ name: string }[]>`
      select name
      from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
      order by name`;
    return off.length > 0
      ? failure("database durability", `Off: ${off.map(({ name }) => name).join(", ")}.`, next)
      : ok("database durability", "Commits wait for the disk.");
  });
}

function checkConnections(db: Database, { PROCESSES, DATABASE_CONNECTIONS }: Config): Promise<Finding[]> {
  return attempt("database connections", "Raise max_connections.", async () => {
    const [{ available }] = await db<{ available: number }[]>`
      select current_setting('max_connections')::integer
        - current_setting('superuser_reserved_connections')::integer as available`;
    const needed = PROCESSES * (DATABASE_CONNECTIONS + OTHER_SERVER_CONNECTIONS) + WORKER_CONNECTIONS;
    const found =
      `${available} are there; one server with PROCESSES=${PROCESSES} and one worker take up to ${needed}.`;
    if (available < needed) {
      return failure("database connections", found, "Raise max_connections, or lower PROCESSES.");
    }
    return available < 2 * needed
      ? warning(
        "database connections",
        found,
        "Raise max_connections before you add a server and a worker; a rolling update needs them as well.",
      )
      : ok("database connections", found);
  });
}

function checkSize(db: Database): Promise<Finding[]> {
  return attempt("database size", "Check the privileges of the role.", async () => {
    const [{ size }] = await db<{ size: string }[]>`
      select pg_size_pretty(pg_database_size(current_database())) as size`;
    return ok("database size", `${size}. The space left on its disk is not known here; monitor it there.`);
  });
}

function checkPrivileges(db: Database): Promise<Finding[]> {
  const next = "Connect as the role that ran the migrations, or grant it all privileges on the schema.";
  return attempt("database privileges", next, async () => {
    const missing = await db<{ name: string }[]>`
      select relname as name
      from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
        and not (
          has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert')
          and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete')
        )
      order by relname`;
    if (missing.length === 0) return ok("database privileges", "Every table can be read and written.");
    const names = missing.slice(0, 5).map(({ name }) => name).join(", ");
    return failure("database privileges", `Missing on ${missing.length} tables, such as ${names}.`, next);
  });
}

function checkDemoData(db: Database): Promise<Finding[]> {
  const next = "Use another database: the keys and passwords of the demo are published.";
  return attempt(
    "demo data",
    next,
    async () =>
      await hasDemoData(db)
        ? failure("demo data", "The database contains demo data.", next)
        : ok("demo data", "None."),
  );
}
