// The customer that a won lead becomes.
import type { Context } from "../context.ts";
import { createCustomer } from "../customers/customers.ts";
import { recordEvent } from "../events/record.ts";

/**
 * Creates the customer of a won lead, with the email address of its first contact that has one.
 *
 * @returns the id of the customer; the caller stores it in the lead
 */
export async function createCustomerOfLead(
  ctx: Context,
  lead: { id: number; name: string },
): Promise<number> {
  const [contact] = await ctx.db<{ email: string }[]>`
    select email
    from contacts
    where institution_id = ${lead.id} and deleted_at is null and email is not null
    order by id
    limit 1`;
  const customer = await createCustomer(ctx, { name: lead.name, email: contact?.email ?? null });
  await recordEvent(ctx, {
    type: "lead.won",
    subjectId: lead.id,
    customerId: customer.id,
    after: { customerId: customer.id },
  });
  return customer.id;
}
