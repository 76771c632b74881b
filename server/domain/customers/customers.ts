// Customers: who bought.
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import {
  changeDeletion,
  editRow,
  refuseMissing,
  type Restorable,
  restorableSince,
  restorableUntil,
} from "../changes.ts";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { recordEvent } from "../events/record.ts";
import type { customerChanges, customerList } from "./inputs.ts";
import { containsPattern, listPage, type Page } from "../lists.ts";
import { refuse } from "../errors.ts";
import { usableOn } from "../policy/conditions.ts";

/** A row of `customers`. */
export interface CustomerRow {
  id: number;
  name: string;
  email: string | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

/** A customer in a list. */
export type ListedCustomer = CustomerRow & Restorable & { licenses: number };

/** What a customer's page begins with. */
export interface CustomerStats {
  totalLicenses: number;
  activeLicenses: number;
  totalActivations: number;
  totalUsers: number;
}

/** Adds a customer. */
export async function createCustomer(
  ctx: Context,
  input: { name: string; email?: string | null },
): Promise<CustomerRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [customer] = await ctx.db<CustomerRow[]>`
      insert into customers (name, email, created_at, updated_at)
      values (${input.name}, ${input.email ?? null}, ${ctx.now}, ${ctx.now})
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

/** Customers, sorted by name or by when they came. */
export async function listCustomers(
  ctx: Context,
  query: z.infer<typeof customerList>,
): Promise<Page<ListedCustomer>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedCustomer>(ctx, query, {
    columns: ctx.db`
      c.*, ${restorableUntil(ctx, ctx.db`c.deleted_at`)},
      (select count(*) from licenses l where l.customer_id = c.id and l.deleted_at is null) as licenses`,
    from: ctx.db`customers c`,
    where: [
      query.deleted ? ctx.db`c.deleted_at is not null` : ctx.db`c.deleted_at is null`,
      query.hasLicenses === undefined ? null : havingLicenses(ctx, query.hasLicenses),
      query.productId ? havingLicenses(ctx, true, ctx.db`and l.product_id = ${query.productId}`) : null,
      query.q
        ? ctx.db`(c.name ilike ${containsPattern(query.q)} or c.email ilike ${containsPattern(query.q)})`
        : null,
    ],
    sorts: { id: { by: "c.id", type: "bigint" }, name: { by: "lower(c.name)", type: "text" } },
    defaultSort: "name",
    id: "c.id",
  });
}

function havingLicenses(ctx: Context, having: boolean, more: Fragment = ctx.db``): Fragment {
  return ctx.db`
    ${having ? ctx.db`` : ctx.db`not`} exists (
      select from licenses l
      where l.customer_id = c.id and l.deleted_at is null ${more}
    )`;
}

/**
 * Customers whose name or address holds a text, by name, page by page; for pickers.
 *
 * @param query.page from 1
 */
export async function pickCustomers(
  ctx: Context,
  query: { q: string; page: number; size: number },
): Promise<{ customers: CustomerRow[]; more: boolean }> {
  requireRole(ctx, "viewer");
  const rows = await ctx.db<CustomerRow[]>`
    select *
    from customers
    where deleted_at is null
      ${
    query.q
      ? ctx.db`and (name ilike ${containsPattern(query.q)} or email ilike ${containsPattern(query.q)})`
      : ctx.db``
  }
    order by lower(name), id
    limit ${query.size + 1}
    offset ${(query.page - 1) * query.size}`;
  return { customers: rows.slice(0, query.size), more: rows.length > query.size };
}

/** A customer by id, deleted ones too; refuses `NOT_FOUND`. */
export async function getCustomer(ctx: Context, id: number): Promise<CustomerRow & Restorable> {
  requireRole(ctx, "viewer");
  const [customer] = await ctx.db<(CustomerRow & Restorable)[]>`
    select *, ${restorableUntil(ctx, ctx.db`deleted_at`)}
    from customers
    where id = ${id}`;
  return customer ?? refuseMissing("customer");
}

/** The numbers of a customer: licenses, those that can be used today, machines, and people their licenses are for. */
export async function getCustomerStats(ctx: Context, id: number): Promise<CustomerStats> {
  await getCustomer(ctx, id);
  const [stats] = await ctx.db<CustomerStats[]>`
    select
      count(*) as total_licenses,
      count(*) filter (where ${usableOn(ctx, "licenses", dayOf(ctx.now))}) as active_licenses,
      coalesce(sum(activations_in_use), 0)::bigint as total_activations,
      coalesce(sum(max_users), 0)::bigint as total_users
    from licenses
    where customer_id = ${id} and deleted_at is null`;
  return stats;
}

/**
 * Changes the fields that are given.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function editCustomer(
  ctx: Context,
  id: number,
  changes: z.infer<typeof customerChanges>,
): Promise<CustomerRow> {
  return await editRow<CustomerRow>(ctx, "customer", ["name", "email"], {
    held: (ctx) => ctx.db`select * from customers where id = ${id} and deleted_at is null for update`,
    write: (ctx, row) =>
      ctx.db`
        update customers
        set name = ${row.name}, email = ${row.email}, updated_at = ${ctx.now}
        where id = ${id}
        returning *`,
  }, changes);
}

/**
 * Deletes a customer who has no licenses; restorable for 30 days.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` while there are licenses
 */
export async function deleteCustomer(ctx: Context, id: number): Promise<void> {
  await changeDeletion<CustomerRow>(
    ctx,
    { kind: "customer", id, customerId: id },
    "customer.deleted",
    (ctx) =>
      ctx.db`
        update customers
        set deleted_at = ${ctx.now}, updated_at = ${ctx.now}
        where id = ${id} and deleted_at is null
        returning *`,
    async (ctx) => {
      const [{ count }] = await ctx.db<{ count: number }[]>`
        select count(*) as count
        from licenses
        where customer_id = ${id} and deleted_at is null`;
      if (count > 0) {
        refuse("CONFLICT", { reason: "has_licenses", subject: "customer", licenses: count });
      }
    },
  );
}

/**
 * Restores a customer deleted within the last 30 days.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function restoreCustomer(ctx: Context, id: number): Promise<CustomerRow> {
  return await changeDeletion<CustomerRow>(
    ctx,
    { kind: "customer", id, customerId: id },
    "customer.restored",
    (ctx) =>
      ctx.db`
        update customers
        set deleted_at = null, updated_at = ${ctx.now}
        where id = ${id} and deleted_at > ${restorableSince(ctx)}
        returning *`,
  );
}
