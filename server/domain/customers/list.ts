// Lists of customers: the filtered list and the search of a customer picker.
import type { z } from "zod";
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { allOf, eitherMatches } from "../list_conditions.ts";
import { findFirst, listPage, type Page } from "../lists.ts";
import { hasMetadata } from "../metadata_columns.ts";
import { inPeriod } from "../periods.ts";
import { deletedCondition, type Restorable, restorableUntilColumn } from "../soft_delete.ts";
import { hasTag } from "../tags.ts";
import type { CustomerRow } from "./customers.ts";
import type { customerList } from "./inputs.ts";

/** A customer in a list, with the number of its licenses. */
export type ListedCustomer = CustomerRow & Restorable & { licenses: number };

/** Lists customers. */
export async function listCustomers(
  ctx: Context,
  query: z.infer<typeof customerList>,
): Promise<Page<ListedCustomer>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedCustomer>(ctx, query, {
    columns: ctx.db`
      c.*, ${restorableUntilColumn(ctx, ctx.db`c.deleted_at`)},
      (select count(*) from licenses l where l.customer_id = c.id and l.deleted_at is null) as licenses`,
    from: ctx.db`customers c`,
    where: [
      deletedCondition(ctx, ctx.db`c.deleted_at`, query.deleted),
      query.deleted ? ctx.db`c.merged_into_id is null` : null,
      hasTag(ctx, ctx.db`c.tags`, query.tag),
      hasMetadata(ctx, ctx.db`c.metadata`, query.metadata),
      inPeriod(ctx, "c.created_at", { since: query.createdSince, until: query.createdUntil }),
    ],
    checks: [
      query.hasLicenses === undefined
        ? null
        : query.hasLicenses
        ? licenseExists(ctx)
        : ctx.db`not ${licenseExists(ctx)}`,
      query.productId ? licenseExists(ctx, ctx.db`and l.product_id = ${query.productId}`) : null,
    ],
    text: query.q ? eitherMatches(ctx, [ctx.db`c.name`, ctx.db`c.email`], query.q) : null,
    sorts: { id: { by: "c.id", type: "bigint" }, name: { by: "lower(c.name)", type: "text" } },
    defaultSort: "name",
    id: "c.id",
  });
}

function licenseExists(ctx: Context, condition: Fragment = ctx.db``): Fragment {
  return ctx.db`
    exists (
      select
      from licenses l
      where l.customer_id = c.id and l.deleted_at is null ${condition}
    )`;
}

/**
 * Searches customers by name or email address, sorted by name, for pickers.
 *
 * @param query.page from 1
 */
export async function pickCustomers(
  ctx: Context,
  query: { q: string; page: number; size: number },
): Promise<{ customers: CustomerRow[]; more: boolean }> {
  requireRole(ctx, "viewer");
  const isMatch = allOf(ctx, [
    ctx.db`c.deleted_at is null`,
    query.q ? eitherMatches(ctx, [ctx.db`c.name`, ctx.db`c.email`], query.q) : null,
  ]);
  const list = { from: ctx.db`customers c`, id: "c.id" };
  const found = query.q ? await findFirst(ctx, list, isMatch) : null;
  const rows = await plannedForValues(ctx.db<CustomerRow[]>`
    select *
    from ${found?.from ?? list.from}
    where ${found ? ctx.db`true` : isMatch}
    order by lower(c.name), c.id
    limit ${query.size + 1}
    offset ${(query.page - 1) * query.size}`);
  return { customers: rows.slice(0, query.size), more: rows.length > query.size };
}
