// Whether notifications of PostgreSQL reach this machine: where a pooler shares connections between transactions, they do not.
import { Connection } from "../../db/connection.ts";
import type { Database, Db } from "../../db/connect.ts";
import { Statement } from "../../db/statement.ts";
import { timeLimits } from "../../db/time_limits.ts";
import type { Config } from "../../server/config.ts";
import { attempt, failure, type Finding, ok, warning } from "./check.ts";

const CHECK = "notifications";
/** How long a notification may take; milliseconds. */
const WITHIN = 2000;

/** Sends a notification by the pool's address and waits for it where changes are heard. */
export function checkNotifications(
  db: Database,
  { DATABASE_URL, LISTEN_URL }: Pick<Config, "DATABASE_URL" | "LISTEN_URL">,
): Promise<Finding[]> {
  const next = "Check LISTEN_URL: it names the database of DATABASE_URL, reached without a pooler.";
  return attempt(CHECK, next, async () => {
    const token = crypto.randomUUID();
    const arrived = Promise.withResolvers<boolean>();
    const listening = await Connection.open(LISTEN_URL ?? DATABASE_URL, {
      name: "latchkey doctor",
      limits: timeLimits.start,
      onNotify: (payload) => payload === token && arrived.resolve(true),
    });
    const timer = setTimeout(() => arrived.resolve(false), WITHIN);
    try {
      const limited = (query: ConstructorParameters<typeof Statement>[0]) =>
        new Statement(query, timeLimits.start, null);
      await listening.query((sql) => sql`listen latchkey_doctor`, limited);
      const [here] = await listening.query(selectName, limited);
      const [there] = await selectName(db);
      if (here.name !== there.name) {
        return failure(CHECK, "LISTEN_URL names another database than DATABASE_URL.", next);
      }
      await db`
        select pg_notify('latchkey_doctor', ${token})`;
      return await arrived.promise ? ok(CHECK, "They arrive.") : warning(
        CHECK,
        "None arrives. Servers hear of changes up to a quarter of a second later, by reading them.",
        "Set LISTEN_URL to the address of PostgreSQL itself, not of a pooler; see docs/scaling.md.",
      );
    } finally {
      clearTimeout(timer);
      await listening.close();
    }
  });
}

/** The cluster and the database that a connection is to. */
function selectName(sql: Db) {
  return sql<{ name: string }[]>`
    select system_identifier || ' ' || current_database() as name
    from pg_control_system()`;
}
