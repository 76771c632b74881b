// Reading what is used of a license's meters.
import { type Db, type Fragment, isInTransaction } from "../../../db/connect.ts";
import { canSeeProduct } from "../authorization.ts";
import { type Context, noteSubject } from "../context.ts";
import { hasKey, refuseUnknownKey, requireKey } from "../licenses/key.ts";
import { runShared } from "../shared_work.ts";
import type { Terms } from "../policy/inputs.ts";
import type { MaybePromise } from "../when_known.ts";
import { type CurrentMeter, sameMeter } from "./meter.ts";
import { meterTerms } from "../usage/meter_terms.ts";

/**
 * The meters of a license in their current periods, by name. Lapsed reservations do not count.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export async function getUsageByKey(
  ctx: Context,
  licenseKey: string,
): Promise<{ licenseKey: string; meters: CurrentMeter[] }> {
  const key = requireKey(ctx, licenseKey);
  const [license] = await ctx.db<{ id: number; key: string; productId: number }[]>`
    select l.id, l.key, l.product_id
    from licenses l
    where ${hasKey(ctx, ctx.db`l.key_digest`, key)} and l.deleted_at is null`;
  if (!license || !canSeeProduct(ctx, license.productId)) refuseUnknownKey(key);
  noteSubject(ctx, license.id, null);
  return { licenseKey: license.key, meters: await listCurrentMeters(ctx, license.id) };
}

/** The meters of a license in their current periods, by name. */
export async function listCurrentMeters(ctx: Context, licenseId: number): Promise<CurrentMeter[]> {
  const [meters] = await listMetersOf(ctx, [licenseId]);
  return meters;
}

/** The meters of licenses in their current periods, by name; for each license, in order. */
export function listMetersOf(ctx: Context, licenseIds: number[]): Promise<CurrentMeter[][]> {
  return readMeters(ctx.db, licenseIds.map((licenseId) => ({ licenseId, at: ctx.now })));
}

/**
 * The meters that licenses would have with other terms, in their current periods.
 *
 * @returns for each of them, in order, by name
 */
export async function listMetersWith(
  ctx: Context,
  licenses: { licenseId: number; meters: Terms["meters"]; duration: string | null }[],
): Promise<CurrentMeter[][]> {
  const requests = licenses.map(({ licenseId }) => ({ licenseId, at: ctx.now }));
  return await readMetersOf(
    ctx.db,
    requests,
    ctx.db`
      join jsonb_to_recordset(${ctx.db.json(licenses as never)})
        as given ("licenseId" bigint, meters jsonb, duration text) on given."licenseId" = r.license_id
      join licenses stored on stored.id = r.license_id
      cross join lateral (
        select stored.id, stored.valid_from, stored.periods_from, given.meters, given.duration
      ) as l`,
  );
}

/**
 * The meters of a license as a validation shows them: at most a second old, with what this process has counted. There is no
 * promise when they are known.
 */
export function getShownMeters(ctx: Context, licenseId: number): MaybePromise<CurrentMeter[]> {
  const request = { licenseId, at: ctx.now };
  const read = () =>
    runShared(ctx, readMeters, request, () => {
      throw new Error("meters are not read");
    });
  return ctx.balances && !isInTransaction(ctx.db) ? ctx.balances.getOrRead(licenseId, ctx.now, read) : read();
}

interface MetersRequest {
  licenseId: number;
  at: Date;
}

/** The meters of licenses in their periods at an instant: for each request, in order, by name. */
async function readMeters(db: Db, requests: MetersRequest[]): Promise<CurrentMeter[][]> {
  return await readMetersOf(db, requests, db`join licenses l on l.id = r.license_id`);
}

/** @param licenses joins the licenses `l` of the requests `r` */
async function readMetersOf(
  db: Db,
  requests: MetersRequest[],
  licenses: Fragment,
): Promise<CurrentMeter[][]> {
  const rows = await db<(CurrentMeter & { position: number })[]>`
    select
      r.position, name as meter, m.period, m.max_units as "limit", m.most,
      (l.meters -> name ->> 'overage')::integer as overage, p.starts_on, p.ends_on, coalesce(u.used, 0) as used,
      coalesce(u.reserved, 0) - coalesce(${lapsedUnits(db)}, 0)::bigint as reserved,
      coalesce(u.first_expiry <= r.at, false) as is_due
    from unnest(
      ${requests.map(({ licenseId }) => licenseId)}::bigint[], ${
    requests.map(({ at }) => at.toISOString())
  }::timestamptz[]
    ) with ordinality as r (license_id, at, position)
    ${licenses}
    cross join lateral jsonb_object_keys(l.meters) as name
    ${meterTerms(db, db`name`, db`(r.at at time zone 'UTC')::date`)}
    left join meter_usage u on u.license_id = l.id and u.meter = name and u.period = m.period and u.starts_on = p.starts_on
    order by r.position, name`;
  const results = requests.map((): CurrentMeter[] => []);
  for (const { position, ...meter } of rows) results[position - 1].push(meter);
  return results;
}

/** The units of a period `u` that are reserved by reservations that have lapsed at `r.at` and are not closed, as a subquery. */
function lapsedUnits(db: Db): Fragment {
  return db`(
    select sum(v.amount)
    from meter_reservations v
    where ${sameMeter(db, "v", "u")} and v.state = 'open' and v.expires_at <= r.at
  )`;
}
