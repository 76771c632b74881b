// Customers: who bought.
import { type Context, inTransaction, requireRole } from "./context.ts";
import { recordEvent } from "./events.ts";

/** A row of `customers`. */
export interface CustomerRow {
  id: number;
  name: string;
  email: string | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

/** Adds a customer. */
export async function createCustomer(
  ctx: Context,
  input: { name: string; email: string | null },
): Promise<CustomerRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [customer] = await ctx.db<CustomerRow[]>`
      insert into customers (name, email, created_at, updated_at)
      values (${input.name}, ${input.email}, ${ctx.now}, ${ctx.now})
      returning *`;
    await recordEvent(ctx, {
      type: "customer.created",
      subject: ["customer", customer.id],
      customerId: customer.id,
      after: { name: customer.name, email: customer.email },
    });
    return customer;
  });
}
