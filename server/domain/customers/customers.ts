// Customers: the companies and persons that licenses are issued to.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { storedEmail } from "../email_address.ts";
import { countRows } from "../count_rows.ts";
import { type DeletableEntity, entityVerbs, refuseUnknownReference } from "../entity.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import type { customerChanges, newCustomer } from "./inputs.ts";

/** A row of `customers`. */
export interface CustomerRow {
  id: number;
  name: string;
  email: string | null;
  notes: string;
  tags: string[];
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

const entity: DeletableEntity<CustomerRow> = {
  subject: "customer",
  fields: ["name", "email", "notes", "tags"],
  select: (ctx, id, locking) =>
    ctx.db<CustomerRow[]>`
      select *
      from customers
      where id = ${id}
      ${locking}`,
  save: (ctx, row) =>
    ctx.db<CustomerRow[]>`
      update customers
      set name = ${row.name}, email = ${row.email}, notes = ${row.notes}, tags = ${row.tags},
        updated_at = ${ctx.now}, deleted_at = ${row.deletedAt}
      where id = ${row.id}
      returning *`,
  updated: (row, difference) => ({
    type: "customer.updated",
    subjectId: row.id,
    customerId: row.id,
    ...difference,
  }),
  deleted: ({ id, name }) => ({ type: "customer.deleted", subjectId: id, customerId: id, before: { name } }),
  restored: ({ id, name }) => ({ type: "customer.restored", subjectId: id, customerId: id, after: { name } }),
  async beforeDelete(ctx, { id }) {
    const { total: licenses, totalIsMore: areMore } = await countRows(ctx, {
      from: ctx.db`licenses`,
      where: ctx.db`customer_id = ${id} and deleted_at is null`,
    });
    if (licenses === 0 && !areMore) return;
    refuse("CONFLICT", {
      reason: "has_licenses",
      subject: "customer",
      licenses,
      ...(areMore && { areMoreLicenses: true }),
    });
  },
};

/** Creates a customer. */
export async function createCustomer(ctx: Context, input: z.infer<typeof newCustomer>): Promise<CustomerRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [customer] = await ctx.db<CustomerRow[]>`
      insert into customers (name, email, notes, tags, created_at, updated_at)
      values (
        ${input.name}, ${input.email ? storedEmail(input.email) : null}, ${input.notes ?? ""},
        ${input.tags ?? []}, ${ctx.now}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, {
      type: "customer.created",
      subjectId: customer.id,
      customerId: customer.id,
      after: { name: customer.name, email: customer.email },
    });
    return customer;
  });
}

/**
 * The verbs of `EntityVerbs` for customers.
 *
 * @throws DomainError `CONFLICT` for a deletion while there are licenses
 */
export const {
  get: getCustomer,
  update: updateCustomer,
  delete: deleteCustomer,
  findDeleteConflict: findCustomerDeleteConflict,
  restore: restoreCustomer,
} = entityVerbs<CustomerRow, z.infer<typeof customerChanges>>(entity);

/**
 * Locks a customer against deletion until the transaction ends, so that rows that refer to it can be inserted.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no such customer, or it is deleted
 */
export async function lockCustomer(ctx: Context, id: number): Promise<void> {
  const [customer] = await ctx.db`
    select 1
    from customers
    where id = ${id} and deleted_at is null
    for share`;
  if (!customer) refuseUnknownReference("customer");
}
