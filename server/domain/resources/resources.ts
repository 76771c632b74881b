// Resources: named items of a pool, such as servers. Each is allocated to one license or available.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type DeletableEntity, entityVerbs } from "../entity.ts";
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

/** What the verbs of resources read and write. */
export const resourceEntity: DeletableEntity<ResourceRow> = {
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
 * The verbs of `EntityVerbs` for resources; `getResource` is in `list.ts`.
 *
 * @throws DomainError `CONFLICT` for an update when the type has a resource of that identifier, and for a deletion while
 *   the resource is allocated
 */
export const {
  update: updateResource,
  delete: deleteResource,
  findDeleteConflict: findResourceDeleteConflict,
  restore: restoreResource,
} = entityVerbs<ResourceRow, z.infer<typeof resourceChanges>>(resourceEntity);
