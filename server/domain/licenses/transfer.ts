// Transferring licenses to another customer, and undoing that.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { lockCustomer } from "../customers/customers.ts";
import { changeLicenses, transfer } from "./bulk_changes.ts";
import type { transferInput, transferUndo } from "./inputs.ts";

/** A license's customer before and after a transfer. */
export interface CustomerChange {
  id: number;
  was: number;
  is: number;
}

/**
 * Transfers licenses to another customer, with their devices, users and history. Licenses that it has already are not
 * changed, nor those that `fromCustomerId` does not have any more.
 *
 * @returns the number of transferred licenses, and the input of `undoTransfer`
 * @throws DomainError `INVALID_REQUEST` when the customer does not exist
 */
export async function transferLicenses(
  ctx: Context,
  { licenseIds, fromCustomerId, ...input }: z.infer<typeof transferInput>,
): Promise<{ transferred: number; customers: CustomerChange[] }> {
  requireRole(ctx, "manager");
  const { changed, customerId } = await inTransaction(ctx, async (ctx) => {
    const customerId = await lockCustomer(ctx, input.customerId);
    const changed = await changeLicenses(ctx, licenseIds, transfer(ctx, customerId, fromCustomerId));
    return { customerId, changed };
  });
  const customers = changed.map(({ id, before }) => ({
    id,
    was: before!.customerId as number,
    is: customerId,
  }));
  return { transferred: customers.length, customers };
}

/** Undoes a transfer. Skips licenses that were transferred again or deleted since, or whose customer was deleted. */
export async function undoTransfer(
  ctx: Context,
  input: z.infer<typeof transferUndo>,
): Promise<{ restored: number; skipped: number }> {
  requireRole(ctx, "manager");
  const customers = [...new Map(input.customers.map((change) => [change.id, change])).values()];
  const ids = customers.map(({ id }) => id);
  const before = customers.map(({ was }) => was);
  const after = customers.map(({ is }) => is);
  const restored = await inTransaction(ctx, async (ctx) => {
    // They cannot be deleted meanwhile.
    await ctx.db`
      select
      from customers
      where id = any(${[...new Set(before)]}::bigint[])
      order by id
      for key share`;
    return await changeLicenses(ctx, ids, {
      type: "license.updated",
      from: ctx.db`
        licenses l
        join unnest(${ids}::bigint[], ${before}::bigint[], ${after}::bigint[])
          as change (id, was, is_now) on change.id = l.id
        join customers c on c.id = change.was and c.deleted_at is null`,
      where: ctx.db`l.deleted_at is null and l.customer_id = change.is_now and change.was <> change.is_now`,
      before: ctx.db`jsonb_build_object('customerId', l.customer_id)`,
      after: ctx.db`jsonb_build_object('customerId', change.was)`,
      customer: ctx.db`change.was`,
      set: ctx.db`customer_id = (locked.after ->> 'customerId')::bigint`,
    });
  });
  return { restored: restored.length, skipped: customers.length - restored.length };
}
