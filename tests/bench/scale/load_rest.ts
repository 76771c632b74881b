// The tables of the data set beside customers, licenses and their use: leads, resources, anomalies, API keys, deliveries, jobs.
import type { Db } from "../../../db/connect.ts";
import { systemContext } from "../../../server/domain/system_context.ts";
import { rollUpStatistics } from "../../../server/domain/monitoring/statistics.ts";
import { keepExpiriesAhead } from "../../../server/domain/monitoring/expiries_ahead.ts";
import { keepVersionsInUse } from "../../../server/domain/monitoring/versions.ts";
import { readNetworks } from "../../../server/domain/webhooks/address.ts";
import { createWebhook, setWebhookEnabled } from "../../../server/domain/webhooks/manage.ts";
import { createCipher } from "../../../server/request/cipher.ts";
import type { Sizes } from "./functions.ts";

/** Inserts a lead for every fourth customer's number, with two contacts each, and a resource for every tenth. */
export async function loadLeadsAndResources(db: Db, { customers, licenses }: Sizes): Promise<void> {
  await db`
    insert into institutions (id, name, type, stage, city, country, created_at, updated_at, deleted_at)
    overriding system value
    select
      id, name || ' ' || id, bench.pick(array['university', 'company', 'government'], bench.random(id, 70)),
      bench.pick(array['new', 'contacted', 'qualified', 'proposal', 'won', 'lost'], bench.random(id, 71)), 'Graz', 'Austria',
      created_at, created_at, case when bench.random(id, 72) < 0.02 then now() end
    from customers
    where id <= ${Math.ceil(customers / 4)}`;
  await db`
    insert into contacts (institution_id, name, email, position, created_at, updated_at)
    select i.id, 'Contact ' || i.id || n, 'contact' || i.id || '.' || n || '@example.com', 'Buyer', i.created_at, i.created_at
    from institutions i, generate_series(1, 2) as n`;
  await db`
    insert into resources (id, type, identifier, license_id, allocated_at, created_at, updated_at)
    overriding system value
    select
      id, type, upper(left(type, 3)) || '-' || id, license_id, case when license_id is not null then now() end, now(), now()
    from generate_series(1, ${Math.ceil(customers / 10)}::bigint) as id
    cross join lateral (
      select
        bench.pick(array['server', 'workstation'], bench.random(id, 73)) as type,
        case when bench.random(id, 74) < 0.7 then 1 + floor(bench.random(id, 75) * ${licenses})::bigint end as license_id
    ) as made`;
}

/**
 * Inserts a mail about every fifth license, half of them to its user: most of them sent, some given up, cancelled or to be
 * tried again.
 */
export async function loadMails(db: Db, { licenses, customers, users }: Sizes): Promise<void> {
  await db`
    insert into mails (
      kind, recipient, subject, event_uid, license_ids, customer_id, user_id, created_at, attempts, next_attempt_at, last_error,
      sent_at, failed_at, is_cancelled
    )
    select
      bench.pick(array['licenseDelivered', 'licenseExpiring', 'licenseExpired'], bench.random(n, 80)),
      case when user_id is null then 'customer' || customer_id else 'user' || user_id end || '@example.com',
      'License ' || license_id, gen_random_uuid(), array[license_id], customer_id, user_id, created_at, 1,
      created_at + interval '1 day' * case when state < 0.995 then 0 else 100000 end,
      case when state >= 0.98 then '451 try again' end,
      case when state < 0.98 then created_at end,
      case when state >= 0.98 and state < 0.995 then created_at end, state >= 0.99 and state < 0.995
    from generate_series(1, ${Math.ceil(licenses / 5)}::bigint) as n
    cross join lateral (select 1 + n * 4999 % ${licenses} as license_id) as about
    cross join lateral (
      select
        bench.created_at(n, ${Math.ceil(licenses / 5)}) as created_at, bench.random(n, 81) as state,
        bench.customer_of(license_id, ${licenses}, ${customers}) as customer_id,
        case when n % 2 = 0 then 1 + floor(bench.random(n, 82) * ${users})::bigint end as user_id
    ) as made
    order by n`;
}

/** Inserts anomalies, API keys and jobs. */
export async function loadOperations(db: Db, { licenses, customers }: Sizes): Promise<void> {
  await db`
    insert into anomalies (kind, subject, license_id, customer_id, facts, found_at, last_seen_at, resolved_at, resolved_by)
    select
      bench.pick(array['unusual_activation_pattern', 'excessive_heartbeats', 'license_hopping'], bench.random(id, 76)),
      'license:' || license_id, license_id, bench.customer_of(license_id, ${licenses}, ${customers}),
      '{"count": 9, "limit": 5}', now(), now(),
      case when n > 20 then now() end, case when n > 20 then 'Administrator 1' end
    from generate_series(1, ${Math.ceil(licenses / 500)}::bigint) as n
    cross join lateral (select n * 400 % ${licenses} + 1 as license_id, n as id) as made`;
  await db`
    insert into api_keys (name, prefix, key_hash, product_id, created_at, last_used_at, revoked_at)
    select
      'App ' || n, 'lk_live_' || lpad(n::text, 4, '0'), sha256(('key ' || n)::bytea), case when n % 3 = 0 then 1 end, now(),
      now(), case when n % 4 = 0 then now() end
    from generate_series(1, 20) as n`;
  await db`
    insert into api_requests (
      started_at, request_id, method, route, path, status, code, duration_ms, network, user_agent, actor_kind, actor_id,
      license_id, activation_id, customer_id, product_id, seen, kept
    )
    select
      now() - (7 * (1 - n::float8 / count)) * interval '1 day', 'request-' || n, 'POST', route, route,
      case when code is null then 200 else 403 end, code, 1 + bench.random(n, 78), '203.0.113.0/24', 'MyApp/1.2.0', 'api_key',
      1 + n % 20, license_id, license_id, bench.customer_of(license_id, ${licenses}, ${customers}), 1 + license_id % 4, 1, 1
    from least(500000, ${licenses}) as count
    cross join generate_series(1, least(500000, ${licenses})::bigint) as n
    cross join lateral (
      select
        1 + floor(bench.random(n, 79) * ${licenses})::bigint as license_id,
        bench.pick(array['/api/license/verify', '/api/license/activate', '/api/license/heartbeat'], bench.random(n, 80)) as route,
        case when bench.random(n, 81) < 0.3 then bench.pick(array[
          'NOT_ACTIVATED', 'ACTIVATION_LIMIT_REACHED', 'LICENSE_EXPIRED'
        ], bench.random(n, 82)) end as code
    ) as made`;
  await db`
    insert into jobs (kind, input, state, total, done, result, requested_at, started_at, finished_at)
    select
      bench.pick(array['import_leads', 'issue_licenses'], bench.random(n, 77)), '{}', 'done', 100, 100, '{}', now(), now(),
      now()
    from generate_series(1, 200) as n`;
}

/**
 * Inserts a disabled webhook with deliveries of the latest events, most of them delivered, and brings the statistics
 * and kept counts up to date.
 *
 * @param encryptionKey the programs'; the webhook's secret is encrypted
 */
export async function loadDeliveries(db: Db, { events }: Sizes, encryptionKey: string): Promise<void> {
  const ctx = await systemContext(db, "bench", new Date(), createCipher(encryptionKey));
  const { row } = await createWebhook(
    ctx,
    { url: "https://example.com/hooks", description: "Bench", eventTypes: ["*"], headers: {} },
    readNetworks([]),
  );
  await setWebhookEnabled(ctx, row.id, false);
  await db`
    insert into webhook_deliveries (webhook_id, event_id, due_at, tries, delivered_at, last_outcome, created_at)
    select
      ${row.id}, id, case when id % 1000 = 0 then now() + interval '1 hour' end, 1,
      case when id % 1000 > 9 then occurred_at end, case when id % 1000 > 9 then '204' else '503' end, occurred_at
    from events
    order by id desc
    limit ${Math.ceil(events * 0.04)}`;
  await rollUpStatistics(ctx);
  await keepVersionsInUse(ctx);
  await keepExpiriesAhead(ctx);
}
