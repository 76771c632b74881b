// Resources: named items of a pool, such as servers. Each is allocated to one license or available.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type DeletableEntity, deleteEntity, restoreEntity, type Update, updateEntity } from "../entity.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import type { newResource, resourceChanges } from "./inputs.ts";

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

const entity: DeletableEntity<ResourceRow> = {
  subject: "resource",
  fields: ["type", "identifier"],
  select: (ctx, id, locking) =>
    ctx.db<ResourceRow[]>`
      select *
      from resources
      where id = ${id}
      ${locking}`,
  save: (ctx, row) =>
    ctx.db<ResourceRow[]>`
      update resources
      set type = ${row.type}, identifier = ${row.identifier}, updated_at = ${ctx.now},
        deleted_at = ${row.deletedAt}
      where id = ${row.id}
      returning *`,
  updated: (row, difference) => ({ type: "resource.updated", subjectId: row.id, ...difference }),
  deleted: ({ id, identifier }) => ({
    type: "resource.deleted",
    subjectId: id,
    before: { name: identifier },
  }),
  restored: ({ id, identifier }) => ({
    type: "resource.restored",
    subjectId: id,
    after: { name: identifier },
  }),
  beforeDelete(_ctx, { licenseId }) {
    if (licenseId !== null) refuse("CONFLICT", { reason: "allocated", subject: "resource", licenseId });
    return Promise.resolve();
  },
};

/**
 * Adds a resource to the pool.
 *
 * @throws DomainError `CONFLICT` when the type has a resource of that identifier
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
 * Updates the given fields of a resource.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when the type has a resource of that identifier
 */
export function updateResource(
  ctx: Context,
  input: Update<z.infer<typeof resourceChanges>>,
): Promise<ResourceRow> {
  return updateEntity(ctx, entity, input);
}

/**
 * Deletes an available resource; it can be restored for 30 days.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` while it is allocated
 */
export function deleteResource(ctx: Context, id: number): Promise<void> {
  return deleteEntity(ctx, entity, id);
}

/**
 * Restores a resource that was deleted within the last 30 days.
 *
 * @throws DomainError `NOT_FOUND`
 */
export function restoreResource(ctx: Context, id: number): Promise<ResourceRow> {
  return restoreEntity(ctx, entity, id);
}
