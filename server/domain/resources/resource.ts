// Resources: named things from a pool, each given to one license at a time or to none.
import type { z } from "zod";
import {
  changeDeletion,
  editRow,
  refuseMissing,
  type Restorable,
  restorableSince,
  restorableUntil,
} from "../changes.ts";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import type { newResource, resourceChanges, resourceList } from "./inputs.ts";
import { containsPattern, listPage, type Page } from "../lists.ts";
import { refuse } from "../errors.ts";

/** A row of `resources`. */
export interface ResourceRow {
  id: number;
  type: string;
  identifier: string;
  licenseId: number | null;
  allocatedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

export type ListedResource = ResourceRow & Restorable & {
  licenseKey: string | null;
  customerName: string | null;
};

export interface ResourceCount {
  total: number;
  allocated: number;
  available: number;
}

/** Resources, with whom they are given to. */
export async function listResources(
  ctx: Context,
  query: z.infer<typeof resourceList>,
): Promise<Page<ListedResource>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedResource>(ctx, query, {
    columns: ctx.db`r.*, ${
      restorableUntil(ctx, ctx.db`r.deleted_at`)
    }, l.key as license_key, c.name as customer_name`,
    from: ctx.db`
      resources r
      left join licenses l on l.id = r.license_id
      left join customers c on c.id = l.customer_id`,
    where: [
      query.deleted ? ctx.db`r.deleted_at is not null` : ctx.db`r.deleted_at is null`,
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

/** A resource by id, with whom it is given to; deleted ones too; refuses `NOT_FOUND`. */
export async function getResource(ctx: Context, id: number): Promise<ListedResource> {
  requireRole(ctx, "viewer");
  const [row] = await ctx.db<ListedResource[]>`
    select r.*, ${restorableUntil(ctx, ctx.db`r.deleted_at`)}, l.key as license_key, c.name as customer_name
    from resources r
    left join licenses l on l.id = r.license_id
    left join customers c on c.id = l.customer_id
    where r.id = ${id}`;
  return row ?? refuseMissing("resource");
}

/** What a license was given, in the order it was. */
export async function listResourcesOf(ctx: Context, licenseId: number): Promise<ResourceRow[]> {
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

/** Free resources of a kind: whether so many are there, how many there are, and the first of them. */
export async function findAvailable(
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

/** How many there are, in all and of each kind. */
export async function countResources(
  ctx: Context,
): Promise<ResourceCount & { byType: Record<string, ResourceCount> }> {
  requireRole(ctx, "viewer");
  const rows = await ctx.db<(ResourceCount & { type: string })[]>`
    select type, count(*) as total, count(license_id) as allocated, count(*) - count(license_id) as available
    from resources
    where deleted_at is null
    group by type
    order by type`;
  const sum = (name: keyof ResourceCount) => rows.reduce((total, row) => total + row[name], 0);
  return {
    total: sum("total"),
    allocated: sum("allocated"),
    available: sum("available"),
    byType: Object.fromEntries(rows.map(({ type, ...counts }) => [type, counts])),
  };
}

/**
 * Adds a resource to the pool.
 *
 * @throws DomainError `CONFLICT` when there is one of that type and name
 */
export async function createResource(ctx: Context, input: z.infer<typeof newResource>): Promise<ResourceRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.db<ResourceRow[]>`
        insert into resources (type, identifier, created_at, updated_at)
        values (${input.type}, ${input.identifier}, ${ctx.now}, ${ctx.now})
        returning *`;
    await recordEvent(ctx, {
      type: "resource.created",
      subjectId: row.id,
      after: { ...input },
    });
    return row;
  });
}

/**
 * Changes the fields that are given.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT`
 */
export async function editResource(
  ctx: Context,
  id: number,
  changes: z.infer<typeof resourceChanges>,
): Promise<ResourceRow> {
  return await editRow<ResourceRow>(ctx, "resource", ["type", "identifier"], {
    held: (ctx) => ctx.db`select * from resources where id = ${id} and deleted_at is null for update`,
    write: (ctx, row) =>
      ctx.db`
        update resources
        set type = ${row.type}, identifier = ${row.identifier}, updated_at = ${ctx.now}
        where id = ${id}
        returning *`,
  }, changes);
}

/**
 * Deletes a resource that is free; restorable for 30 days.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` while a license has it
 */
export async function deleteResource(ctx: Context, id: number): Promise<void> {
  const { licenseId } = await getResource(ctx, id);
  if (licenseId !== null) {
    refuse("CONFLICT", { reason: "allocated", subject: "resource", licenseId });
  }
  await changeDeletion<ResourceRow>(ctx, { kind: "resource", id }, "resource.deleted", (ctx) =>
    ctx.db`
      update resources
      set deleted_at = ${ctx.now}, updated_at = ${ctx.now}
      where id = ${id} and deleted_at is null and license_id is null
      returning *`);
}

/** Restores a resource deleted within the last 30 days. */
export async function restoreResource(ctx: Context, id: number): Promise<ResourceRow> {
  return await changeDeletion<ResourceRow>(
    ctx,
    { kind: "resource", id },
    "resource.restored",
    (ctx) =>
      ctx.db`
      update resources
      set deleted_at = null, updated_at = ${ctx.now}
      where id = ${id} and deleted_at > ${restorableSince(ctx)}
      returning *`,
  );
}
