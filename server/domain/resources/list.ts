// Lists of resources: of all, of one license, and the available ones of a type.
import { shownKey } from "../shown_key.ts";
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { refuseNotFound, withRevision } from "../entity.ts";
import { refuse } from "../errors.ts";
import { containsPattern } from "../list_conditions.ts";
import { listPage, type Page } from "../lists.ts";
import { deletedCondition, type Restorable, restorableUntilColumn } from "../soft_delete.ts";
import type { WithRevision } from "../revision.ts";
import type { resourceList } from "./inputs.ts";
import { resourceEntity, type ResourceRow } from "./resources.ts";

/** A resource with the license it is allocated to and the license's customer. */
export type ListedResource = ResourceRow & Restorable & {
  licenseKey: string | null;
  customerName: string | null;
};

function listedColumns(ctx: Context): Fragment {
  return ctx.db`
    r.*, ${restorableUntilColumn(ctx, ctx.db`r.deleted_at`)}, ${
    shownKey(ctx, ctx.db`l.key`)
  } as license_key, c.name as customer_name`;
}

function listedTables(ctx: Context): Fragment {
  return ctx.db`
    resources r
    left join licenses l on l.id = r.license_id
    left join customers c on c.id = l.customer_id`;
}

/** Lists resources. */
export async function listResources(
  ctx: Context,
  query: z.infer<typeof resourceList>,
): Promise<Page<ListedResource>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedResource>(ctx, query, {
    columns: listedColumns(ctx),
    from: ctx.db`resources r`,
    pageFrom: listedTables(ctx),
    where: [
      deletedCondition(ctx, ctx.db`r.deleted_at`, query.deleted),
      query.type ? ctx.db`r.type = ${query.type}` : null,
      query.status === "allocated" ? ctx.db`r.license_id is not null` : null,
      query.status === "available" ? ctx.db`r.license_id is null` : null,
      query.licenseId ? ctx.db`r.license_id = ${query.licenseId}` : null,
      query.q
        ? ctx.db`(r.identifier ilike ${containsPattern(query.q)} or r.type ilike ${containsPattern(query.q)})`
        : null,
    ],
    sorts: {
      id: { by: "r.id", type: "bigint" },
      identifier: { by: "lower(r.identifier)", type: "text" },
    },
    defaultSort: "identifier",
    id: "r.id",
  });
}

/**
 * Reads a resource, deleted or not.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getResource(ctx: Context, id: number): Promise<ListedResource & WithRevision> {
  requireRole(ctx, "viewer");
  const [row] = await ctx.db<ListedResource[]>`
    select ${listedColumns(ctx)}
    from ${listedTables(ctx)}
    where r.id = ${id}`;
  return row ? withRevision(resourceEntity, row) : refuseNotFound("resource");
}

/**
 * Lists the resources of a license in the order of their allocation.
 *
 * @throws DomainError `NOT_FOUND` when there is no such license
 */
export async function listResourcesOfLicense(ctx: Context, licenseId: number): Promise<ResourceRow[]> {
  requireRole(ctx, "viewer");
  const [license] = await ctx.db`
    select 1
    from licenses
    where id = ${licenseId} and deleted_at is null`;
  if (!license) refuse("NOT_FOUND", { subject: "license", field: "licenseId" });
  return await ctx.db<ResourceRow[]>`
    select *
    from resources
    where license_id = ${licenseId}
    order by allocated_at, id`;
}

/**
 * Lists the first available resources, of a type or of all.
 *
 * @returns the resources, the number of all available ones, and whether these are at least `query.count`
 */
export async function listAvailableResources(
  ctx: Context,
  query: { type: string | null; count: number },
): Promise<{ available: boolean; count: number; resources: ResourceRow[] }> {
  requireRole(ctx, "viewer");
  const ofType = query.type === null ? ctx.db`` : ctx.db`and type = ${query.type}`;
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from resources
    where license_id is null and deleted_at is null ${ofType}`;
  const resources = await ctx.db<ResourceRow[]>`
    select *
    from resources
    where license_id is null and deleted_at is null ${ofType}
    order by id
    limit ${query.count}`;
  return { available: count >= query.count, count, resources };
}
