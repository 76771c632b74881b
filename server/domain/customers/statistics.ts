// The license and activation numbers of one customer.
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { usableOn } from "../policy/conditions.ts";
import { getCustomer } from "./customers.ts";

export interface CustomerStats {
  totalLicenses: number;
  /** Licenses that are usable today. */
  activeLicenses: number;
  totalActivations: number;
  /** The sum of the licenses' concurrent users. */
  totalUsers: number;
  /** Licenses with meters. */
  meteredLicenses: number;
}

/**
 * Counts the licenses of a customer and their activations.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getCustomerStats(ctx: Context, customerId: number): Promise<CustomerStats> {
  const { id } = await getCustomer(ctx, customerId);
  const [stats] = await ctx.db<CustomerStats[]>`
    select
      count(*) as total_licenses,
      count(*) filter (where ${usableOn(ctx, "licenses", dayOf(ctx.now))}) as active_licenses,
      coalesce(sum(activations_in_use), 0)::bigint as total_activations,
      coalesce(sum(max_users), 0)::bigint as total_users,
      count(*) filter (where meters <> '{}') as metered_licenses
    from licenses
    where customer_id = ${id} and deleted_at is null`;
  return stats;
}
