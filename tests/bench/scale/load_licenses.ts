// The licenses and activations of the data set.
import type { Db } from "../../../db/connect.ts";
import type { Sizes } from "./functions.ts";
import { sampleKey } from "./sample_key.ts";

/** Keys sent with one statement. */
const CHUNK = 50_000;

/**
 * Inserts licenses: half of them subscriptions, a third of which have ended; perpetual ones, most of which never expire;
 * trials, most of them over. Some are disabled, deleted or not yet valid.
 */
export async function loadLicenses(db: Db, { licenses, customers, users }: Sizes): Promise<void> {
  for (let done = 0; done < licenses; done += CHUNK) {
    const keys = Array.from({ length: Math.min(CHUNK, licenses - done) }, (_, n) => sampleKey(done + n + 1));
    await db`
      insert into licenses (
        id, key, key_digest, product_id, customer_id, plan_id, user_id, type, is_active, valid_from, valid_until,
        max_activations, max_users, activations_in_use, next_expiry_notice_on, created_at, updated_at, deleted_at, meters
      )
      overriding system value
      select
        id, key, sha256(replace(key, '-', '')::bytea), product_id,
        bench.customer_of(id, ${licenses}, ${customers}),
        case
          when bench.random(id, 30) < 0.8
          then (product_id - 1) * 3 + array_position(array['subscription', 'perpetual', 'trial'], type)
        end,
        case when bench.random(id, 31) < 0.05 then 1 + floor(bench.random(id, 32) * ${users})::bigint end,
        type, bench.random(id, 33) >= 0.03, valid_from, valid_until,
        (select min(size) from unnest(array[1, 3, 5, 10, 25, 50, 100, 1000]) as size where size >= bench.machines_of(id)),
        (array[1, 5, 10, 50, 100])[1 + floor(bench.random(id, 34) * 5)::integer], bench.active_machines_of(id),
        next_expiry_notice(valid_until, 0, current_date), created_at,
        created_at + (now() - created_at) * bench.random(id, 35),
        case when bench.random(id, 36) < 0.02 then now() - bench.random(id, 37) * interval '60 days' end,
        case
          when bench.random(id, 43) < 0.05 then '{"exports": {"limit": 1000, "period": "month", "overage": 25}}'::jsonb
          else '{}'
        end
      from unnest(${keys}::text[]) with ordinality as given (key, position)
      cross join lateral (select ${done}::bigint + position as id) as numbered
      cross join lateral (
        select
          bench.created_at(id, ${licenses}) as created_at,
          bench.product_of(id) as product_id,
          case when bench.random(id, 38) < 0.5 then 'subscription' when bench.random(id, 38) < 0.85 then 'perpetual' else 'trial' end as type
      ) as made
      cross join lateral (
        select
          case
            when bench.random(id, 39) < 0.005 then current_date + 1 + floor(bench.random(id, 40) * 60)::integer
            else created_at::date
          end as valid_from
      ) as started
      cross join lateral (
        select
          case
            when type = 'trial' then valid_from + 29
            when type = 'perpetual' then case when bench.random(id, 41) < 0.05 then valid_from + 3650 end
            -- Renewed every year, until today or until some year before.
            when bench.random(id, 41) < 0.65 then valid_from + 365 * greatest((current_date - valid_from) / 365 + 1, 1) - 1
            else valid_from + 365 * greatest(floor(bench.random(id, 42) * (current_date - valid_from) / 365)::integer, 1) - 1
          end as valid_until
      ) as ended`;
  }
}

/** Inserts the activations in the order of their time, so that those of a license are scattered, as in production. */
export async function loadActivations(db: Db, { licenses }: Sizes): Promise<void> {
  await db`
    insert into activations (
      license_id, hardware_id, machine_name, app_version, activated_at, last_heartbeat, is_active, deactivated_at
    )
    select
      license_id, md5('machine ' || activation),
      case
        when bench.random(activation, 50) < 0.4 then 'DESKTOP-' || upper(left(md5(activation::text), 7))
        when bench.random(activation, 50) < 0.7 then 'LAPTOP-' || upper(left(md5(activation::text), 8))
        when bench.random(activation, 50) < 0.85 then
          bench.pick(array['anna', 'bela', 'carlos', 'dilek', 'emre', 'fatou', 'greta', 'hiro'], bench.random(activation, 51))
            || 's-macbook-pro-' || activation % 997
        when bench.random(activation, 50) < 0.97 then
          'build-' || activation % 4096 || '.'
            || bench.pick(array['berlin', 'lyon', 'osaka', 'porto'], bench.random(activation, 51)) || '.example.com'
      end,
      bench.version_of(activation), activated_at,
      -- Most machines were heard today, some not for months.
      now() - (now() - activated_at) * power(bench.random(activation, 52), 8),
      is_active, case when not is_active then now() - (now() - activated_at) * bench.random(activation, 53) end
    from (
      select
        license_id, activation, machine <= bench.active_machines_of(license_id) as is_active,
        created_at + (now() - created_at) * bench.random(activation, 54) as activated_at
      from generate_series(1, ${licenses}::bigint) as license_id
      cross join lateral (select bench.created_at(license_id, ${licenses}) as created_at) as made
      cross join lateral generate_series(1, bench.machines_of(license_id)) as machine
      cross join lateral (select license_id * 1000 + machine as activation) as numbered
    ) as machines
    order by activated_at`;
}

/** Copies the texts that devices are searched by, as the worker does. */
export async function loadActivationTexts(db: Db): Promise<void> {
  await db`
    insert into activation_texts (activation_id, machine_name, hardware_id)
    select id, machine_name, hardware_id
    from activations
    order by id`;
}

/** Inserts a seat for one active machine in fifty of the licenses. */
export async function loadSeats(db: Db): Promise<void> {
  await db`
    insert into seats (license_id, activation_id, started_at, last_heartbeat, expires_at)
    select license_id, id, now() - interval '1 hour', now(), now() + interval '30 days'
    from activations
    where is_active and id % 50 = 0`;
}

/** Inserts what was used of meters in this month and the two before; of one in twenty more than the limit. */
export async function loadMeterUsage(db: Db): Promise<void> {
  await db`
    insert into meter_usage (license_id, meter, period, starts_on, ends_on, max_units, used, updated_at)
    select
      l.id, 'exports', 'month', p.starts_on, p.ends_on, 1000, floor(bench.random(l.id + ago, 44) * 1050)::bigint, now()
    from licenses l
    cross join generate_series(0, 2) as ago
    cross join lateral meter_period(
      'month', (current_date - make_interval(months => ago))::date, current_date, null
    ) as p
    where l.meters <> '{}'`;
}
