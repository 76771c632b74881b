// Every index names the query that needs it, and that query uses it: an index that nothing needs costs every write.
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";
import { assertNone, code, sourceOf, sources, under } from "./source.ts";

/** For each index that is no constraint, the part of its query that it is for. */
const queries: Record<string, string> = {
  activation_components_by_digest:
    "select from activation_components where license_id = 5 and name = 'disk' and digest = '\\x00'",
  activation_texts_by_fingerprint: "select from activation_texts where lower(hardware_id) like 'ab%'",
  activation_texts_by_name: "select from activation_texts where lower(machine_name) like 'ab%'",
  activation_texts_search: "select from activation_texts where joined(machine_name) like '%desktop%'",
  activation_texts_metadata: "select from activation_texts where joined(metadata) like '%desktop%'",
  activations_by_metadata:
    `select from activations where metadata @> '{"a": {"value": 1}}' and metadata <> '{}'`,
  activations_by_fingerprint: "select from activations where hardware_id = 'a' and is_active",
  activations_by_time: "select from activations where activated_at >= now()",
  activations_by_version: "select from activations where app_version = '1.0.0' order by id desc limit 9",
  activations_inactive: "select from activations where not is_active order by id desc limit 9",
  administrator_identities_by_administrator:
    "select from administrator_identities where administrator_id = 1",
  administrator_passkeys_by_administrator: "select from administrator_passkeys where administrator_id = 1",
  administrator_password_links_by_age: "delete from administrator_password_links where requested_at < now()",
  administrator_password_links_open:
    "select from administrator_password_links where administrator_id = 1 and token_hash is not null and used_at is null",
  administrator_password_links_waiting:
    "select from administrator_password_links where processed_at is null order by id limit 9",
  administrator_sessions_by_administrator: "select from administrator_sessions where administrator_id = 1",
  administrator_sessions_by_expiry: "delete from administrator_sessions where expires_at < now()",
  alerts_by_age: "select from alerts order by raised_at desc limit 9",
  anomalies_by_license: "select from anomalies where license_id = 1",
  anomalies_by_subject: "select from anomalies where kind = 'a' and subject = 'b' and resolved_at > now()",
  api_requests_by_activation:
    "select from api_requests where activation_id = 1 order by started_at desc, id desc limit 9",
  api_requests_by_actor:
    "select from api_requests where actor_kind = 'api_key' and actor_id = 1 order by started_at desc, id desc limit 9",
  api_requests_by_code:
    "select from api_requests where code = 'NOT_FOUND' order by started_at desc, id desc limit 9",
  api_requests_by_customer:
    "select from api_requests where customer_id = 1 order by started_at desc, id desc limit 9",
  api_requests_by_license:
    "select from api_requests where license_id = 1 order by started_at desc, id desc limit 9",
  api_requests_by_request: "select from api_requests where request_id = 'a'",
  api_requests_by_status:
    "select from api_requests where status / 100 = 5 order by started_at desc, id desc limit 9",
  api_requests_by_time: "select from api_requests order by started_at desc, id desc limit 9",
  api_requests_by_user:
    "select from api_requests where user_id = 1 order by started_at desc, id desc limit 9",
  changes_by_transaction: "select from changes where transaction_id >= '5'::xid8",
  contacts_by_institution: "select from contacts where institution_id = 1 order by id",
  contacts_search: "select from contacts where name ilike '%anne%' and deleted_at is null",
  customers_by_email: "select from customers where lower(email) = 'a@b.example'",
  customers_by_email_start: "select from customers where lower(email) like 'ab%' and deleted_at is null",
  customers_by_name_start: "select from customers where lower(name) like 'ab%' and deleted_at is null",
  customers_by_domain:
    "select from customers where lower(split_part(email, '@', 2)) = 'a' and lower(name) like 'abc%' and deleted_at is null and email is not null",
  customers_by_merged_into: "select from customers where merged_into_id = 1",
  customers_by_tag: "select from customers where tags @> '{vip}' and tags <> '{}'",
  customers_by_metadata: `select from customers where metadata @> '{"a": {"value": 1}}' and metadata <> '{}'`,
  customers_metadata_search:
    "select from customers where metadata_text(metadata) ilike '%anne%' and metadata <> '{}' and deleted_at is null",
  customers_by_name: "select from customers order by lower(name), id limit 9",
  customers_search: "select from customers where name ilike '%anne%' and deleted_at is null",
  email_links_by_age: "delete from email_links where requested_at < now()",
  email_links_open:
    "select from email_links where email = 'a@b.example' and token_hash is not null and used_at is null",
  email_links_waiting: "select from email_links where processed_at is null order by id limit 9",
  events_by_actor:
    "select from events where actor_kind = 'administrator' and actor_id = 1 order by id desc limit 9",
  events_by_customer: "select from events where customer_id = 1 order by id desc limit 9",
  events_by_license: "select from events where license_id = 1 order by id desc limit 9",
  events_by_request: "select from events where request_id = 'a'",
  events_by_subject:
    "select from events where subject_kind = 'webhook' and subject_id = 1 order by id desc limit 9",
  events_by_time: "select from events where occurred_at > now() - interval '1 hour'",
  events_by_transaction:
    "select from events where (transaction_id, id) > ('5'::xid8, 5) order by transaction_id, id limit 9",
  events_by_type: "select from events where type = 'license.created' order by id desc limit 9",
  idempotency_keys_by_age: "delete from idempotency_keys where created_at < now()",
  institutions_by_comparable_name:
    "select from institutions where comparable(name) = 'a' and deleted_at is null",
  institutions_by_customer: "select from institutions where customer_id = 1",
  institutions_by_name: "select from institutions where deleted_at is null order by lower(name), id limit 9",
  institutions_by_stage:
    "select from institutions where stage = 'new' and deleted_at is null order by id desc limit 9",
  institutions_by_tag: "select from institutions where tags @> '{vip}' and tags <> '{}'",
  institutions_by_type:
    "select from institutions where type = 'a' and deleted_at is null order by id desc limit 9",
  institutions_deleted: "select from institutions where deleted_at is not null order by id desc limit 9",
  institutions_search: "select from institutions where name ilike '%school%' and deleted_at is null",
  jobs_open: "select from jobs where state in ('waiting', 'running') order by id limit 9",
  lead_activities_by_institution:
    "select from lead_activities where institution_id = 1 order by happened_at desc, id desc limit 9",
  lead_activities_by_time: "select from lead_activities where happened_at > now()",
  licenses_by_creation: "select from licenses where created_at < now() and id / 4096 >= 9",
  licenses_by_customer: "select from licenses where customer_id = 1",
  licenses_by_key_start: "select from licenses where lower(key) like 'ab%' and deleted_at is null",
  licenses_by_key_and_id: "select from licenses where deleted_at is null order by key, id limit 9",
  licenses_by_next_expiry_notice:
    "select from licenses where next_expiry_notice_on <= current_date and deleted_at is null order by next_expiry_notice_on, id limit 9",
  licenses_by_next_lease_check:
    "select from licenses where next_lease_check <= now() and deleted_at is null order by next_lease_check, id limit 9",
  licenses_metadata_search:
    "select from licenses where metadata_text(metadata) ilike '%anne%' and metadata <> '{}' and deleted_at is null",
  licenses_by_metadata: `select from licenses where metadata @> '{"a": {"value": 1}}' and metadata <> '{}'`,
  licenses_by_entitlement: "select from licenses where entitlements ? 'api' and entitlements <> '{}'",
  licenses_metered:
    "select from licenses where customer_id = 1 and meters <> '{}' and deleted_at is null order by id desc limit 9",
  licenses_by_plan: "select from licenses where plan_id = 1 order by id desc limit 9",
  licenses_by_product: "select from licenses where product_id = 1 order by id desc limit 9",
  licenses_by_scheduled_change:
    "select from licenses where least(disable_at, enable_at) <= now() and deleted_at is null order by least(disable_at, enable_at) limit 9",
  licenses_by_tag: "select from licenses where tags @> '{vip}' and tags <> '{}'",
  licenses_by_type:
    "select from licenses where type = 'trial' and deleted_at is null order by id desc limit 9",
  licenses_by_update: "select from licenses where deleted_at is null order by updated_at, id limit 9",
  licenses_by_user: "select from licenses where user_id = 1",
  licenses_by_valid_from: "select from licenses where valid_from > current_date and deleted_at is null",
  licenses_by_valid_until: "select from licenses where valid_until < current_date and deleted_at is null",
  licenses_by_valid_until_or_never:
    "select from licenses where deleted_at is null order by coalesce(valid_until, 'infinity'::date), id limit 9",
  licenses_deleted: "select from licenses where deleted_at is not null order by id desc limit 9",
  usage_crossings_over_limit:
    "select license_id from usage_crossings where resource = 'activations' and threshold = 101",
  licenses_disabled:
    "select from licenses where not is_active and deleted_at is null order by id desc limit 9",
  licenses_in_grace:
    "select from licenses where grace_days > 0 and valid_until is not null and deleted_at is null and daterange(valid_until, valid_until + grace_days, '(]') @> current_date",
  licenses_search: "select from licenses where key ilike '%ABCD%' and deleted_at is null",
  mails_by_customer: "select from mails where customer_id = 1 order by id desc limit 9",
  mails_by_invitation: "select from mails where invitation_id = 1 order by id desc limit 9",
  mails_by_license: "select from mails where license_ids @> array[1::bigint]",
  mails_by_recipient: "select from mails where lower(recipient) = 'a@b.example'",
  mails_by_user: "select from mails where user_id = 1 order by id desc limit 9",
  mails_failed: "select from mails where failed_at > now() and not is_cancelled",
  mails_waiting:
    "select from mails where next_attempt_at < now() and sent_at is null and failed_at is null order by event_uid is not null, next_attempt_at limit 9",
  notifications_by_time: "select from notifications order by last_at desc, id desc limit 9",
  meter_reservations_by_expiry: "delete from meter_reservations where expires_at < now()",
  meter_reservations_open:
    "select from meter_reservations where license_id = 1 and meter = 'a' and period = 'day' and starts_on = now() and expires_at < now() and state = 'open'",
  meter_usage_by_level:
    "select license_id from meter_usage where level in (100, 101) and coalesce(ends_on, 'infinity'::date) >= current_date",
  meter_usage_by_first_expiry: "select from meter_usage where first_expiry < now()",
  refused_heartbeats_by_minute: "select from refused_heartbeats where minute > now()",
  resources_by_license: "select from resources where license_id = 1",
  resources_free:
    "select from resources where type = 'a' and license_id is null and deleted_at is null order by id limit 9",
  seat_tickets_by_activation: "select from seat_tickets where activation_id = 1",
  seat_tickets_by_license: "select from seat_tickets where license_id = 1 order by number",
  seats_by_activation: "select from seats where activation_id = 1",
  seats_by_expiry: "select from seats where expires_at < now() order by expires_at limit 9",
  seats_by_license: "select from seats where license_id = 1 and expires_at > now()",
  sessions_by_expiry: "delete from sessions where expires_at < now()",
  sessions_by_user: "select from sessions where user_id = 1",
  statistics_by_time: "delete from statistics where span = 'hour' and starts_at < now()",
  users_search: "select from users where name ilike '%anne%'",
  users_metadata_search:
    "select from users where metadata_text(metadata) ilike '%anne%' and metadata <> '{}'",
  users_by_metadata: `select from users where metadata @> '{"a": {"value": 1}}' and metadata <> '{}'`,
  users_by_tag: "select from users where tags @> '{vip}' and tags <> '{}'",
  webhook_attempts_by_delivery: "select from webhook_attempts where delivery_id = 1 order by id",
  webhook_deliveries_by_event: "select from webhook_deliveries where event_id = 1",
  webhook_deliveries_by_webhook:
    "select from webhook_deliveries where webhook_id = 1 order by id desc limit 9",
  webhook_deliveries_due:
    "select from webhook_deliveries where webhook_id = 1 and due_at < now() order by due_at, id limit 9",
};

interface Index {
  name: string;
  table: string;
  /** Columns and expressions, in their order. */
  keys: string[];
  predicate: string | null;
  /** btree, gin, … */
  method: string;
  isConstraint: boolean;
}

const { db } = await cloneStores();
const indexes = await db<Index[]>`
  select
    indexrelid::regclass::text as name, indrelid::regclass::text as table,
    array(
      select pg_get_indexdef(indexrelid, n, true)
      from generate_series(1, indnkeyatts) as n
    ) as keys,
    pg_get_expr(indpred, indrelid) as predicate, (select amname::text from pg_am where oid = x.relam) as method,
    indisunique as is_constraint
  from pg_index i
  join pg_class c on c.oid = i.indrelid
  join pg_class x on x.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace and not c.relispartition
  order by 1`;

/**
 * Whether a plan of the statement uses the index, as if the tables were so large that reading one whole or sorting it cost
 * too much. In empty tables every index costs the same: among equals those are taken away that are not meant.
 */
async function isUsed({ name, table }: Index, sql: string): Promise<boolean> {
  const others = indexes.filter((other) =>
    other.table === table && !other.isConstraint && other.name !== name
  );
  const connection = await db.reserve();
  try {
    await connection.unsafe("begin; set local enable_seqscan = off; set local enable_sort = off");
    const plan = async () =>
      (await connection.unsafe(`explain (costs off) ${sql}`)).map((line) => Object.values(line));
    const plans = await plan();
    // A partition has an index of its own for each index of the table.
    const partitions = await connection.unsafe<{ name: string }[]>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = '${name}'::regclass`,
    );
    if (others.length > 0) {
      await connection.unsafe(`drop index ${others.map((other) => other.name).join(", ")}`);
    }
    plans.push(...await plan());
    return [name, ...partitions.map((partition) => partition.name)].some((name) =>
      plans.join("\n").includes(` ${name}`)
    );
  } finally {
    await connection.unsafe("rollback");
    connection.release();
  }
}

test("every index is used by the plan of its query", async () => {
  const problems: string[] = [];
  for (const index of indexes) {
    const { name, isConstraint } = index;
    if (isConstraint) continue;
    if (!(name in queries)) problems.push(`${name}: which query needs it?`);
    else if (!await isUsed(index, queries[name])) {
      problems.push(`${name} is not used by: ${queries[name]}`);
    }
  }
  const known = new Set(indexes.map(({ name }) => name));
  problems.push(
    ...Object.keys(queries).filter((name) => !known.has(name)).map((name) => `there is no ${name}`),
  );
  assertNone(problems, "Correct `queries` in tests/rules/indexes_test.ts, or remove the index:");
});

/** Names that a comment may give: what the program exports, and the functions of the database. */
const callers = new Map<string, string>();
for (const { path, text } of code.filter(({ path }) => under("db/", "server/", "worker/", "cli/")(path))) {
  for (const [, name] of text.matchAll(/^export (?:async )?(?:function\*?|class) (\w+)/gm)) {
    callers.set(name, (callers.get(name) ?? "") + folderOf(path));
  }
}
for (const { path, text } of sources.filter(({ path }) => under("db/migrations/")(path))) {
  for (const [, name] of text.matchAll(/^create function (\w+)/gm)) callers.set(name, sourceOf(path));
}

/** A folder's files as one text: a verb may leave its statement to a function beside it. */
function folderOf(path: string): string {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return code.filter((source) => source.path.startsWith(folder)).map(({ text }) => text).join("\n");
}

test("the comment above an index names what reads by it", () => {
  const problems: string[] = [];
  for (const { path, text } of sources.filter(({ path }) => under("db/migrations/")(path))) {
    for (
      const [, above, name, table] of text.matchAll(
        /((?:^--.*\n)*)^create (?:unique )?index (?:concurrently )?(?:if not exists )?(\w+)\s+on (\w+)/gm,
      )
    ) {
      const named = above.replaceAll(/\n-- /g, " ").match(/^-- For ([\w, ]+):/)?.[1].split(/, | and /);
      if (!named) problems.push(`${path}: write "-- For <function>: …" above ${name}`);
      for (const caller of named ?? []) {
        const text = callers.get(caller);
        if (text === undefined) problems.push(`${path}: ${name} is for ${caller}, which does not exist`);
        else if (!new RegExp(`\\b${table}\\b`).test(text)) {
          problems.push(`${path}: ${name} is for ${caller}, in whose folder nothing reads ${table}`);
        }
      }
    }
  }
  assertNone(problems, "Every write pays for an index, so it says for whom:");
});

test("no index is the beginning of another one", () => {
  assertNone(
    indexes.filter(({ isConstraint }) => !isConstraint).flatMap((index) =>
      indexes.filter((other) =>
        other.name !== index.name && other.table === index.table &&
        other.method === index.method && other.predicate === index.predicate &&
        other.keys.length >= index.keys.length && index.keys.every((key, at) => other.keys[at] === key)
      ).map((other) => `${index.name} (${index.keys.join(", ")}) of ${other.name} (${other.keys.join(", ")})`)
    ),
    "The longer index serves its queries as well:",
  );
});

test("the connection ends", () => db.end());
