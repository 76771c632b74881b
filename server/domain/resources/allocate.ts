// Allocating resources to licenses and releasing them, all of a request or none. Rows are locked in the order of their
// ids, so that concurrent requests for the same resources cannot deadlock.
import type { Fragment } from "../../../db/connect.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { eventsFrom } from "../events/record.ts";
import { refuse } from "../errors.ts";
import type { ResourceRow } from "./resources.ts";

/**
 * Allocates resources to a license. Resources that it has already stay allocated.
 *
 * @returns the number of requested resources, and the ids of the newly allocated ones
 * @throws DomainError `NOT_FOUND` with the ids that do not exist, `RESOURCES_ALLOCATED` with those of other licenses
 */
export async function allocateResources(
  ctx: Context,
  input: { licenseId: number; resourceIds: number[] },
): Promise<{ allocated: number; newlyAllocated: number[] }> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [license] = await ctx.db<{ customerId: number }[]>`
      select customer_id
      from licenses
      where id = ${input.licenseId} and deleted_at is null
      for key share`;
    if (!license) refuse("NOT_FOUND", { subject: "license", field: "licenseId" });
    const locked = await lockResources(ctx, input.resourceIds);
    refuseOthers(locked, input.licenseId);
    const free = locked.filter(({ licenseId }) => licenseId === null).map(({ id }) => id);
    await ctx.db`
      with changed as (
        update resources
        set license_id = ${input.licenseId}, allocated_at = ${ctx.now}, updated_at = ${ctx.now}
        where id = any(${free})
        returning *
      )
      ${eventsFrom(ctx, "resource.allocated", eventSource(ctx, ctx.db`changed`))}`;
    return { allocated: locked.length, newlyAllocated: free };
  });
}

/**
 * Releases resources. Available ones stay available.
 *
 * @param input.licenseId the license they were seen to be allocated to; without it, any
 * @returns the released resources and the licenses they were allocated to
 * @throws DomainError `NOT_FOUND` with the ids that do not exist, `RESOURCES_ALLOCATED` with those of other licenses than
 *   the one that was seen
 */
export async function releaseResources(
  ctx: Context,
  input: { resourceIds: number[]; licenseId?: number },
): Promise<{ id: number; licenseId: number }[]> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const locked = (await lockResources(ctx, input.resourceIds)).filter(({ licenseId }) =>
      licenseId !== null
    );
    if (input.licenseId !== undefined) refuseOthers(locked, input.licenseId);
    const ids = locked.map(({ id }) => id);
    await eventsFrom(
      ctx,
      "resource.released",
      eventSource(ctx, ctx.db`(select * from resources where id = any(${ids})) as changed`),
    );
    await ctx.db`
      update resources
      set license_id = null, allocated_at = null, updated_at = ${ctx.now}
      where id = any(${ids})`;
    return locked.map(({ id, licenseId }) => ({ id, licenseId: licenseId! }));
  });
}

async function lockResources(ctx: Context, resourceIds: number[]): Promise<ResourceRow[]> {
  const ids = [...new Set(resourceIds)];
  const locked = await ctx.db<ResourceRow[]>`
    select *
    from resources
    where id = any(${ids}) and deleted_at is null
    order by id
    for no key update`;
  const missing = ids.filter((id) => !locked.some((resource) => resource.id === id));
  if (missing.length > 0) {
    refuse("NOT_FOUND", { subject: "resource", field: "resourceIds", resourceIds: missing });
  }
  return locked;
}

/** Refuses when one is allocated to another license. */
function refuseOthers(locked: ResourceRow[], licenseId: number): void {
  const others = locked.filter((resource) => resource.licenseId !== null && resource.licenseId !== licenseId);
  if (others.length === 0) return;
  refuse("RESOURCES_ALLOCATED", {
    field: "resourceIds",
    resourceIds: others.map(({ id }) => id),
    identifiers: others.map(({ identifier }) => identifier),
  });
}

function eventSource(ctx: Context, source: Fragment): Fragment {
  return ctx.db`
    select
      changed.id as subject_id, changed.license_id,
      (select customer_id from licenses where id = changed.license_id) as customer_id,
      null::bigint as activation_id, null::jsonb as before,
      jsonb_build_object('type', changed.type, 'identifier', changed.identifier) as after
    from ${source}`;
}
