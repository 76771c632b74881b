// What is used of the meters of a customer's licenses.
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { getCustomer } from "../customers/customers.ts";
import { shownKey } from "../shown_key.ts";
import type { CurrentMeter } from "./meter.ts";
import { listMetersOf } from "./usage.ts";

/** Licenses that are shown. */
const MAX_LICENSES = 50;

export interface MeteredLicense {
  id: number;
  key: string;
  productName: string;
  /** In their current periods, by name. */
  meters: CurrentMeter[];
}

/**
 * The licenses of a customer that have meters, the newest first, with their use.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getCustomerUsage(
  ctx: Context,
  customerId: number,
): Promise<{ licenses: MeteredLicense[]; areMore: boolean }> {
  requireRole(ctx, "viewer");
  const { id } = await getCustomer(ctx, customerId);
  const found = await ctx.db<Omit<MeteredLicense, "meters">[]>`
    select l.id, ${shownKey(ctx, ctx.db`l.key`)} as key, p.name as product_name
    from licenses l
    join products p on p.id = l.product_id
    where l.customer_id = ${id} and l.meters <> '{}' and l.deleted_at is null
    order by l.id desc
    limit ${MAX_LICENSES + 1}`;
  const shown = found.slice(0, MAX_LICENSES);
  const meters = shown.length > 0 ? await listMetersOf(ctx, shown.map(({ id }) => id)) : [];
  return {
    licenses: shown.map((license, index) => ({ ...license, meters: meters[index] })),
    areMore: found.length > MAX_LICENSES,
  };
}
