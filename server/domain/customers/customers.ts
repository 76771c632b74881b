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
import type { Metadata } from "../metadata.ts";
import { currentCustomerId, refuseMerged } from "../merged_customers.ts";

/** A row of `customers`. */
export interface CustomerRow {
  id: number;
  name: string;
  email: string | null;
  notes: string;
  tags: string[];
  metadata: Metadata;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
  /** The customer that it was merged into. */
  mergedIntoId: number | null;
}

/** What the verbs of customers read and write. */
export const customerEntity: DeletableEntity<CustomerRow> = {
  subject: "customer",
  fields: ["name", "email", "notes", "tags", "metadata"],
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
        metadata = ${ctx.db.json(row.metadata)},        updated_at = ${ctx.now}, deleted_at = ${row.deletedAt}
      where id = ${row.id}
      returning *`,
  updated: (row, difference) => ({
    type: "customer.updated",
    subjectId: row.id,
    customerId: row.id,
    ...difference,
  }),
  requireChangeable({ mergedIntoId }) {
    if (mergedIntoId !== null) refuseMerged(mergedIntoId);
  },
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
      insert into customers (name, email, notes, tags, metadata, created_at, updated_at)
      values (
        ${input.name}, ${input.email ? storedEmail(input.email) : null}, ${input.notes ?? ""},
        ${input.tags ?? []}, ${ctx.db.json(input.metadata ?? {})}, ${ctx.now}, ${ctx.now}
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

const verbs = entityVerbs<CustomerRow, z.infer<typeof customerChanges>>(customerEntity);

/**
 * The verbs of `EntityVerbs` for customers.
 *
 * @throws DomainError `CONFLICT` for a deletion while there are licenses, and for a customer that was merged
 */
export const {
  update: updateCustomer,
  delete: deleteCustomer,
  findDeleteConflict: findCustomerDeleteConflict,
  restore: restoreCustomer,
} = verbs;

/**
 * Reads a customer, deleted or not. The id of one that was merged leads to the customer that stays.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getCustomer(ctx: Context, id: number): ReturnType<typeof verbs.get> {
  const customer = await verbs.get(ctx, id);
  return customer.mergedIntoId === null ? customer : await verbs.get(ctx, customer.mergedIntoId);
}

/** How often a customer may be merged while it is being locked. */
const MAX_TRIES = 5;

/**
 * Locks a customer against deletion and merging until the transaction ends, so that rows that refer to it can be inserted.
 *
 * @returns its id: that of the customer that stays, for one that was merged
 * @throws DomainError `INVALID_REQUEST` when there is no such customer, or it is deleted
 */
export async function lockCustomer(ctx: Context, id: number): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const current = await currentCustomerId(ctx, id);
    const [customer] = await ctx.db<{ deletedAt: Date | null; mergedIntoId: number | null }[]>`
      select deleted_at, merged_into_id
      from customers
      where id = ${current}
      for share`;
    if (customer?.deletedAt === null) return current;
    // It may have been merged between the two statements.
    if (!customer?.mergedIntoId) break;
  }
  refuseUnknownReference("customer");
}

/** Locks customers, as `lockCustomer`; returns the ids of those that are neither deleted nor merged. */
export async function lockCustomers(ctx: Context, ids: number[]): Promise<Set<number>> {
  const locked = await ctx.db<{ id: number }[]>`
    select id
    from customers
    where id = any(${[...new Set(ids)]}::bigint[]) and deleted_at is null
    order by id
    for share`;
  return new Set(locked.map(({ id }) => id));
}

/** Marks a customer as merged into another one, with those that were merged into it. Both are locked. */
export async function markMerged(
  ctx: Context,
  { id, intoId }: { id: number; intoId: number },
): Promise<void> {
  await ctx.db`
    update customers
    set merged_into_id = ${intoId}, deleted_at = coalesce(deleted_at, ${ctx.now}), updated_at = ${ctx.now}
    where id = ${id} or merged_into_id = ${id}`;
}
