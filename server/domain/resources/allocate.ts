// Giving resources to licenses and taking them back: all of those named or none. Rows are locked in the order of their
// ids, so that two who want the same ones wait for each other once and never in a circle.
import type { Fragment } from "../../../db/connect.ts";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { eventsFrom } from "../events/record.ts";
import { refuse } from "../errors.ts";
import type { ResourceRow } from "./resource.ts";

/**
 * Gives resources to a license. What it has already, it keeps.
 *
 * @returns how many of those named it has now, and the ids of those it did not have before
 * @throws DomainError `NOT_FOUND` naming what is not there, `RESOURCES_TAKEN` naming what another license has
 */
export async function allocateResources(
  ctx: Context,
  input: { licenseId: number; resourceIds: number[] },
): Promise<{ allocated: number; given: number[] }> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [license] = await ctx.db<{ customerId: number }[]>`
      select customer_id
      from licenses
      where id = ${input.licenseId} and deleted_at is null
      for key share`;
    if (!license) {
      refuse("NOT_FOUND", { subject: "license", field: "licenseId" });
    }
    const held = await hold(ctx, input.resourceIds);
    const taken = held.filter(({ licenseId }) => licenseId !== null && licenseId !== input.licenseId);
    if (taken.length > 0) {
      refuse("RESOURCES_TAKEN", {
        field: "resourceIds",
        resourceIds: taken.map(({ id }) => id),
        identifiers: taken.map(({ identifier }) => identifier),
      });
    }
    const free = held.filter(({ licenseId }) => licenseId === null).map(({ id }) => id);
    await ctx.db`
      with given as (
        update resources
        set license_id = ${input.licenseId}, allocated_at = ${ctx.now}, updated_at = ${ctx.now}
        where id = any(${free})
        returning *
      )
      ${eventsFrom(ctx, "resource.allocated", factsOf(ctx, ctx.db`given`))}`;
    return { allocated: held.length, given: free };
  });
}

/**
 * Takes resources back. Those that are free already stay so.
 *
 * @returns those that were taken back, and the licenses that had them
 * @throws DomainError `NOT_FOUND` naming what is not there
 */
export async function releaseResources(
  ctx: Context,
  resourceIds: number[],
): Promise<{ id: number; licenseId: number }[]> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const held = (await hold(ctx, resourceIds)).filter(({ licenseId }) => licenseId !== null);
    const ids = held.map(({ id }) => id);
    await eventsFrom(
      ctx,
      "resource.released",
      factsOf(ctx, ctx.db`(select * from resources where id = any(${ids})) as given`),
    );
    await ctx.db`
      update resources
      set license_id = null, allocated_at = null, updated_at = ${ctx.now}
      where id = any(${ids})`;
    return held.map(({ id, licenseId }) => ({ id, licenseId: licenseId! }));
  });
}

async function hold(ctx: Context, resourceIds: number[]): Promise<ResourceRow[]> {
  const ids = [...new Set(resourceIds)];
  const held = await ctx.db<ResourceRow[]>`
    select *
    from resources
    where id = any(${ids}) and deleted_at is null
    order by id
    for no key update`;
  const missing = ids.filter((id) => !held.some((resource) => resource.id === id));
  if (missing.length > 0) {
    refuse("NOT_FOUND", { subject: "resource", field: "resourceIds", resourceIds: missing });
  }
  return held;
}

function factsOf(ctx: Context, source: Fragment): Fragment {
  return ctx.db`
    select
      given.id as subject_id, given.license_id,
      (select customer_id from licenses where id = given.license_id) as customer_id,
      null::bigint as activation_id, null::jsonb as before,
      jsonb_build_object('type', given.type, 'identifier', given.identifier) as after
    from ${source}`;
}
