// When activations of a license may have lapsed next: `licenses.next_lease_check` (0006_licenses.sql). Triggers set it too.
import type { Fragment } from "../../../db/connect.ts";
import { LAST_DAY } from "../calendar.ts";
import type { Context } from "../context.ts";
import { outagesSince } from "../outages.ts";
import { LAPSE_MARGIN } from "../policy/lease.ts";
import type { LicenseRow } from "./license.ts";

/** A license on which activations may have lapsed. */
export type LeasedLicense = Pick<LicenseRow, "id"> & { machineLease: string };

/** Locks licenses that are due. Those that another worker looks at are left out. */
export async function lockDueLeases(ctx: Context, limit: number): Promise<LeasedLicense[]> {
  return await ctx.db<LeasedLicense[]>`
    select id, machine_lease
    from licenses
    where next_lease_check <= ${ctx.now} and deleted_at is null
    order by next_lease_check, id
    limit ${limit}
    for no key update skip locked`;
}

/**
 * Plans the next checks: when the activation lapses that was not heard of for longest.
 *
 * @param options.from the earliest time
 */
export async function planLeaseChecks(
  ctx: Context,
  licenses: LeasedLicense[],
  { from }: { from: Date },
): Promise<void> {
  await ctx.db`
    update licenses l
    set next_lease_check = (
      select greatest(
        idle.since + lease_length(l.machine_lease) + ${outagesSince(ctx, ctx.db`idle.since`)}
          + make_interval(secs => ${LAPSE_MARGIN / 1000}),
        ${from}
      )
      from (
        select min(a.last_heartbeat) as since
        from activations a
        where a.license_id = l.id and a.is_active
      ) as idle
      where idle.since is not null
    )
    where l.id = any(${licenses.map(({ id }) => id)}::bigint[])`;
}

/** Corrects checks that were planned before the database's clock was put back. */
export async function correctLeaseChecksAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update licenses
    set next_lease_check = ${ctx.now}
    where next_lease_check > ${ctx.now}::timestamptz + lease_length(machine_lease)
      + make_interval(secs => ${LAPSE_MARGIN / 1000})`;
}

/** When the activation `a` of the license `l` lapses unless its machine is heard of, as an expression; null without a lease. */
export function leaseEndOf(ctx: Pick<Context, "db">): Fragment {
  return ctx.db`
    case when l.machine_lease is not null then least(
      a.last_heartbeat + lease_length(l.machine_lease) + ${outagesSince(ctx, ctx.db`a.last_heartbeat`)},
      ${`${LAST_DAY} 23:59:59.999Z`}::timestamptz
    ) end`;
}
