// The customer of the trials that apps start on machines: one for each product, because no one is known to them by name, and
// a customer for each machine would bury those that are.
import type { Context } from "../context.ts";
import { createCustomer } from "../customers/customers.ts";
import { truncate } from "../text.ts";

/** A row of `trial_customers`. */
export interface TrialCustomerRow {
  productId: number;
  customerId: number;
}

/** The customer of a product's trials, in a transaction; created with the first one, and again when it was deleted. */
export async function trialCustomerOf(ctx: Context, productId: number): Promise<number> {
  const known = await findTrialCustomer(ctx, productId);
  if (known !== null) return known;
  // Of first trials at the same time, one creates it.
  const [product] = await ctx.db<{ name: string }[]>`
    select name
    from products
    where id = ${productId}
    for no key update`;
  const created = await findTrialCustomer(ctx, productId);
  if (created !== null) return created;
  const { id } = await createCustomer(ctx, { name: truncate(`Trials of ${product.name}`, 255) });
  await ctx.db`
    insert into trial_customers (product_id, customer_id)
    values (${productId}, ${id})
    on conflict (product_id) do update
    set customer_id = excluded.customer_id`;
  return id;
}

async function findTrialCustomer(ctx: Context, productId: number): Promise<number | null> {
  const [found] = await ctx.db<{ id: number }[]>`
    select c.id
    from trial_customers t
    join customers c on c.id = t.customer_id and c.deleted_at is null
    where t.product_id = ${productId}`;
  return found?.id ?? null;
}
