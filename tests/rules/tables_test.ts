// Rule 9: only its own folder writes a table, in whatever spelling, also inside the functions of the database.
import assert from "node:assert/strict";
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";
import { assertNone, code, lineOf, type Source, under, withoutComments } from "./source.ts";
import { sqlOf, type Write, writesInterpolatedTable, writesOf } from "./sql.ts";

/** Who writes a table: a folder, or a file. */
const owners: Record<string, string> = {
  activation_components: "server/domain/activations/",
  activation_texts: "server/domain/activations/",
  activations: "server/domain/activations/",
  administrator_challenges: "server/domain/administrators/",
  administrator_identities: "server/domain/administrators/",
  administrator_invitations: "server/domain/administrators/",
  administrator_passkeys: "server/domain/administrators/",
  administrator_password_links: "server/domain/administrators/",
  administrator_pending_sign_ins: "server/domain/administrators/",
  administrator_preferences: "server/domain/administrators/",
  administrator_provider_requests: "server/domain/administrators/",
  administrator_recovery_codes: "server/domain/administrators/",
  administrator_sessions: "server/domain/administrators/",
  administrator_setup_links: "server/domain/administrators/",
  administrators: "server/domain/administrators/",
  alerts: "server/domain/monitoring/",
  anomalies: "server/domain/anomalies/",
  api_keys: "server/domain/api_keys/",
  api_requests: "server/domain/api_requests/",
  change_history: "db/changes.ts",
  changes: "db/changes.ts",
  contacts: "server/domain/leads/",
  current_counts: "server/domain/monitoring/",
  customers: "server/domain/customers/",
  email_links: "server/domain/accounts/",
  erasures: "server/domain/data_protection/",
  event_readers: "server/domain/events/",
  events: "server/domain/events/",
  external_ids: "server/domain/external_ids/",
  heartbeat_counts: "server/domain/activations/",
  idempotency_keys: "server/domain/idempotency.ts",
  institutions: "server/domain/leads/",
  job_chunks: "server/domain/jobs/",
  job_cursors: "server/domain/job_cursors.ts",
  job_invalid_rows: "server/domain/jobs/",
  job_licenses: "server/domain/jobs/",
  job_schedules: "server/domain/schedules.ts",
  jobs: "server/domain/jobs/",
  lead_activities: "server/domain/leads/",
  licenses: "server/domain/licenses/",
  mail_subscriptions: "server/domain/mail/",
  mail_templates: "server/domain/mail/",
  mails: "server/domain/mail/",
  meter_reservations: "server/domain/meters/",
  meter_usage: "server/domain/meters/",
  migrations: "db/migrate.ts",
  milestones: "server/domain/milestones.ts",
  notification_reads: "server/domain/notifications/",
  notification_settings: "server/domain/notifications/",
  notifications: "server/domain/events/",
  outages: "server/domain/outages.ts",
  plans: "server/domain/plans/",
  process_clocks: "server/domain/monitoring/",
  products: "server/domain/products/",
  queue_counts: "server/domain/monitoring/",
  refused_heartbeats: "server/domain/activations/",
  releases: "server/domain/releases/",
  removal_keys: "server/domain/license_files/",
  resources: "server/domain/resources/",
  seat_tickets: "server/domain/seats/",
  seats: "server/domain/seats/",
  sessions: "server/domain/accounts/",
  settings: "server/domain/settings/",
  license_files: "server/domain/license_files/",
  license_statuses: "server/domain/license_files/",
  signing_key_products: "server/domain/signing/",
  signing_keys: "server/domain/signing/",
  statistics: "server/domain/monitoring/",
  trial_customers: "server/domain/trials/",
  trials: "server/domain/trials/",
  usage_crossings: "server/domain/usage/",
  users: "server/domain/accounts/",
  webhook_attempts: "server/domain/webhooks/",
  webhook_deliveries: "server/domain/webhooks/",
  webhook_states: "server/domain/webhooks/",
  webhooks: "server/domain/webhooks/",
};

/** Columns that another folder may update. */
const columnExceptions = [
  {
    table: "licenses",
    column: "activations_in_use",
    folder: "server/domain/activations/",
    because: "an activation and the number of activations in use change in one statement",
  },
  {
    table: "seats",
    column: "expires_at",
    folder: "server/domain/activations/",
    because: "a deactivation and the end of the machine's seats are one statement",
  },
  {
    table: "meter_usage",
    column: "max_units",
    folder: "server/domain/usage/",
    because:
      "the job that reads the events of changed licenses gives their meters the limits that they have now",
  },
  {
    table: "meter_usage",
    column: "ends_on",
    folder: "server/domain/usage/",
    because:
      "the job that reads the events of changed licenses gives their meters the limits that they have now",
  },
  {
    table: "meter_usage",
    column: "told_units",
    folder: "server/domain/usage/",
    because:
      "the job that reads the events of changed licenses gives their meters the limits that they have now",
  },
];

/** Functions of the database that write a table. */
const functionExceptions = [{
  name: "prune_events",
  table: "events",
  because: "the role of the application has no right to delete events; server/domain/events calls it",
}, {
  name: "erase_event_facts",
  table: "events",
  because: "the role of the application has no right to update events; server/domain/events calls it",
}, {
  name: "notify_change",
  table: "changes",
  because: "a change of cached data is recorded whoever makes it",
}];

const { db } = await cloneStores();
const tables = new Set(
  (await db<{ table: string }[]>`
    select relname as table
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`).map((
    { table },
  ) => table),
);
const functions = await db<{ name: string; source: string }[]>`
  select proname as name, prosrc as source
  from pg_proc p
  where pronamespace = 'public'::regnamespace
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`;
await db.end();

const production = code.filter(({ path }) => under("db/", "server/", "worker/", "cli/")(path))
  .map(withoutComments);
const here = "Correct `owners` in tests/rules/tables_test.ts:";

test("every spelling of a statement that writes is recognised", () => {
  const spellings = [
    "insert into licenses (id) values (1)",
    "update licenses set id = 1",
    "update only licenses set id = 1",
    "update public.licenses l set id = 1",
    'update "public"."licenses" set id = 1',
    "delete from only public.licenses",
    "merge into licenses using x on true",
    "truncate licenses",
    "truncate table only licenses",
    "truncate events, licenses",
    "copy licenses from stdin",
    "with x as (\n  update\n    licenses\n  set id = 1)",
  ];
  for (const text of spellings) {
    assert.ok(writesOf(text).some(({ table }) => table === "licenses"), text);
  }
  for (
    const text of ["select 1 from licenses for update of licenses", "on conflict do update set licenses = 1"]
  ) {
    assert.deepEqual(writesOf(text).filter(({ table }) => table === "licenses"), [], text);
  }
  for (
    const statement of [
      "update ${table} set a = 1",
      'insert into "${table}"',
      "truncate only public.${table}",
    ]
  ) {
    const [sql] = sqlOf({ path: "example.ts", text: `db\`${statement}\`` });
    assert.ok(writesInterpolatedTable(sql), statement);
  }
});

test("every table has an owner, and every owner exists and writes its table", () => {
  assertNone([...tables].filter((table) => !(table in owners)).map((table) => `who writes ${table}?`), here);
  assertNone(
    Object.keys(owners).filter((table) => !tables.has(table)).map((table) => `there is no table ${table}`),
    here,
  );
  assertNone(
    Object.entries(owners).filter(([, owner]) => !code.some(({ path }) => under(owner)(path)))
      .map(([table, owner]) => `${owner}, the owner of ${table}, does not exist`),
    here,
  );
  assertNone(
    Object.entries(owners).filter(([table, owner]) =>
      !production.some(({ path, text }) =>
        under(owner)(path) && writesOf(text).some((write) => write.table === table)
      )
    ).map(([table, owner]) => `${owner} does not write ${table}`),
    here,
  );
});

test("only the owner of a table writes it", () => {
  assertNone(
    production.flatMap((source) =>
      writesOf(source.text)
        .filter(({ table }) => table in owners && !under(owners[table])(source.path))
        .filter((write) => !isExcepted(source, write))
        .map(({ index, text, table }) =>
          `${source.path}:${lineOf(source.text, index)} says "${text}": call a function of ${owners[table]}`
        )
    ),
    "Only its own folder writes a table:",
  );
});

/** Whether it is an update that sets nothing but columns open to this folder. */
function isExcepted({ path, text }: Source, write: Write): boolean {
  const allowed = columnExceptions.filter(({ table, folder }) =>
    table === write.table && under(folder)(path)
  );
  const clause = text.slice(write.index + write.text.length).match(
    /^(?:\s+(?:as\s+)?\w+)??\s+set\s([^]*?)(?:\s(?:from|where|returning)\s|`)/,
  );
  const set = [...clause?.[1].matchAll(/(?:^|,)\s*(\w+)\s*=/g) ?? []].map(([, column]) => column);
  return write.verb === "update" && set.length > 0 &&
    set.every((name) => allowed.some(({ column }) => column === name));
}

test("functions of the database write no table, except those listed", () => {
  const written = functions.flatMap(({ name, source }) =>
    writesOf(source.toLowerCase().replace(/--.*$|\b(?:before|after) update[ \w]+/gm, "")).map((
      { table },
    ) => ({ name, table }))
  );
  const isListed = (name: string, table: string) =>
    functionExceptions.some((entry) => entry.name === name && entry.table === table);
  assertNone(
    written.filter(({ name, table }) => !isListed(name, table)).map(({ name, table }) =>
      `${name} writes ${table}`
    ),
    "Write it in the code of the table's folder:",
  );
  assertNone(
    functionExceptions.filter((entry) =>
      !written.some(({ name, table }) => name === entry.name && table === entry.table)
    ).map(({ name, table }) => `${name} does not write ${table}`),
    "Remove it from `functionExceptions` in tests/rules/tables_test.ts:",
  );
});

test("every exception for a column is still needed", () => {
  assertNone(
    columnExceptions.filter(({ table, column, folder }) =>
      !production.some(({ path, text }) =>
        under(folder)(path) && new RegExp(`update\\s+${table}\\s+set\\s[^\`;]*\\b${column}\\s*=`).test(text)
      )
    ).map(({ table, column, folder }) => `${folder} does not write ${table}.${column}`),
    "Remove it from `columnExceptions` in tests/rules/tables_test.ts:",
  );
});

/** Files that write every table, whatever it is called. */
const allTables: Record<string, string> = {
  "cli/reencrypt.ts": "encrypted columns of every table get the current key",
  "db/backup/load.ts": "a restore fills the tables of an empty database",
};

test("SQL that writes names its table", () => {
  assertNone(
    code.filter(({ path }) => under("db/", "server/", "worker/", "cli/")(path) && !(path in allTables))
      .flatMap(sqlOf)
      .filter(writesInterpolatedTable)
      .map(({ path, line }) => `${path}:${line}`),
    "Write the name of the table out, so that its writers can be found:",
  );
});
