// Rules 3 and 8: every table has one room that writes it, and every constraint a name of ours.
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";
import { assertNone, code, find, type Source, sources, under, withoutComments } from "./source.ts";

/** Who writes a table: a folder, or a file that stands alone. */
const rooms: Record<string, string> = {
  activations: "server/domain/activations/",
  alerts: "server/domain/monitoring/",
  anomalies: "server/domain/anomalies/",
  api_keys: "server/domain/api_keys/",
  customers: "server/domain/customers/",
  event_readers: "server/domain/events/",
  events: "server/domain/events/",
  idempotency_keys: "server/domain/idempotency.ts",
  job_cursors: "server/domain/job_cursors.ts",
  licenses: "server/domain/licenses/",
  email_links: "server/domain/accounts/",
  mails: "server/domain/mail/",
  migrations: "db/migrate.ts",
  milestones: "server/domain/milestones.ts",
  plans: "server/domain/plans/",
  products: "server/domain/products/",
  refused_heartbeats: "server/domain/activations/",
  releases: "server/domain/releases/",
  seats: "server/domain/seats/",
  administrator_challenges: "server/domain/administrators/",
  administrator_invitations: "server/domain/administrators/",
  administrator_passkeys: "server/domain/administrators/",
  administrator_preferences: "server/domain/administrators/",
  administrator_recovery_codes: "server/domain/administrators/",
  administrator_sessions: "server/domain/administrators/",
  administrators: "server/domain/administrators/",
  contacts: "server/domain/leads/",
  institutions: "server/domain/leads/",
  job_chunks: "server/domain/jobs/",
  job_licenses: "server/domain/jobs/",
  jobs: "server/domain/jobs/",
  lead_activities: "server/domain/leads/",
  queue_counts: "server/domain/monitoring/",
  resources: "server/domain/resources/",
  sessions: "server/domain/accounts/",
  settings: "server/domain/settings/",
  heartbeat_counts: "server/domain/activations/",
  signing_keys: "server/domain/signing/",
  statistics: "server/domain/monitoring/",
  trials: "server/domain/accounts/",
  usage_crossings: "server/domain/usage/",
  users: "server/domain/accounts/",
  webhook_attempts: "server/domain/webhooks/",
  webhook_deliveries: "server/domain/webhooks/",
  webhooks: "server/domain/webhooks/",
};

/** Columns that another room may update. */
const exceptions = [{
  table: "licenses",
  column: "activations_in_use",
  room: "server/domain/activations/",
  because: "the count of places is part of taking and freeing one, and is one statement with it",
}, {
  table: "seats",
  column: "expires_at",
  room: "server/domain/activations/",
  because: "deactivating a machine ends its seats in the same statement",
}];

const { db } = await cloneStores();
const found = await db<{ table: string }[]>`
  select table_name as table
  from information_schema.tables
  where table_schema = 'public' and table_type = 'BASE TABLE'`;
const named = await db<{ table: string; name: string }[]>`
  select conrelid::regclass::text as table, conname as name
  from pg_constraint
  where connamespace = 'public'::regnamespace and conrelid <> 0 and contype in ('c', 'u', 'x')
  union
  select tablename, indexname
  from pg_indexes
  where schemaname = 'public'`;
await db.end();
const tables = new Set(found.map(({ table }) => table));

test("every table has a room that writes it", () => {
  const here = "Correct `rooms` in tests/rules/tables_test.ts:";
  assertNone(
    [...tables].filter((table) => !(table in rooms)).map((table) => `say who writes ${table}`),
    here,
  );
  assertNone(
    Object.keys(rooms).filter((table) => !tables.has(table)).map((table) => `there is no ${table}`),
    here,
  );
});

/** Statements that write, on sources without comments. A locking clause ("for update of l") is none of them. */
const write =
  /(?<!\b(?:for|do|key)\s+)\b(insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?|copy)\s+(?:only\s+)?(\w+|\$\{)/g;
const written = code.filter(({ path }) => under("db/", "server/", "worker/")(path)).map(withoutComments);

test("only a table's own room inserts, updates or deletes", () => {
  const broken: string[] = [];
  for (const source of written) {
    for (const { at, found } of find(source, write)) {
      const [statement, , table] = found;
      if (!(table in rooms) || under(rooms[table])(source.path)) continue;
      if (isExcepted(source, found)) continue;
      broken.push(`${at} says "${statement}": call a verb of ${rooms[table]}`);
    }
  }
  assertNone(broken, "Only its own room writes a table:");
});

/** Whether it is an update that sets nothing but columns open to this room. */
function isExcepted(
  { path, text }: Source,
  { 0: statement, 1: verb, 2: table, index }: RegExpMatchArray,
): boolean {
  const allowed = exceptions.filter((entry) => entry.table === table && under(entry.room)(path));
  const clause = text.slice(index! + statement.length).match(
    /^(?:\s+(?:as\s+)?\w+)??\s+set\s([^]*?)(?:\s(?:from|where|returning)\s|`)/,
  );
  const set = [...clause?.[1].matchAll(/(?:^|,)\s*(\w+)\s*=/g) ?? []].map(([, column]) => column);
  return verb === "update" && set.length > 0 &&
    set.every((name) => allowed.some(({ column }) => column === name));
}

test("every exception to that is still needed", () => {
  assertNone(
    exceptions.filter(({ table, column, room }) =>
      !written.some(({ path, text }) =>
        under(room)(path) && new RegExp(`update\\s+${table}\\s+set\\s[^\`;]*\\b${column}\\s*=`).test(text)
      )
    ).map(({ table, column, room }) => `${room} does not write ${table}.${column}`),
    "Take it out of `exceptions` in tests/rules/tables_test.ts:",
  );
});

test("SQL that writes names its table", () => {
  assertNone(
    written.flatMap((source) => find(source, /\b(?:insert\s+into|delete\s+from|merge\s+into)\s+\$\{/g)).map((
      { at },
    ) => at),
    "Write the table's name out, so that whoever looks for its writers finds them:",
  );
});

test("every constraint and index has a name we chose", () => {
  const generated = /_(?:key|check|excl|idx)\d*$/;
  assertNone(
    named.filter(({ name }) => generated.test(name)).map(({ table, name }) => {
      const migration = sources.find(({ path, text }) =>
        path.endsWith(".sql") && new RegExp(`^(?:create|alter) table (?:only )?${table}\\b`, "m").test(text)
      );
      return `${migration?.path}: ${name} of ${table}`;
    }),
    "A refusal is made of a constraint's name. Write `constraint table_what_holds …`, or `create index table_by_what …`:",
  );
});
