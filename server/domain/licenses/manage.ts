// Managing licenses that exist: switching, changing terms, deleting and restoring. One license or ten thousand go the
// same way; what is already as wished is left alone and leaves no event.
import type { Fragment } from "../../../db/connect.ts";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { eventsFrom, type EventType, recordEvent } from "../events.ts";
import { refuse } from "../refusals.ts";
import type { LicenseRow } from "./license.ts";

/** How long a deleted license can be restored; days. */
const RESTORABLE_FOR = 30;

/**
 * Switches licenses on or off.
 *
 * @returns how many were switched
 */
export async function switchLicenses(ctx: Context, ids: number[], on: boolean): Promise<number> {
  requireRole(ctx, "manager");
  return await changeAll(
    ctx,
    on ? "license.enabled" : "license.disabled",
    ctx.db`
      update licenses
      set is_active = ${on}, updated_at = ${ctx.now}
      where id = any(${ids}) and deleted_at is null and is_active <> ${on}
      returning *`,
    ctx.db`jsonb_build_object('isActive', ${!on}::boolean)`,
    ctx.db`jsonb_build_object('isActive', ${on}::boolean)`,
  );
}

/**
 * Deletes licenses: gone for apps and lists at once, restorable for 30 days, kept for the history.
 *
 * @returns how many were deleted
 */
export async function deleteLicenses(ctx: Context, ids: number[]): Promise<number> {
  requireRole(ctx, "manager");
  return await changeAll(
    ctx,
    "license.deleted",
    ctx.db`
      update licenses
      set deleted_at = ${ctx.now}, updated_at = ${ctx.now}
      where id = any(${ids}) and deleted_at is null
      returning *`,
  );
}

/**
 * Restores licenses deleted within the last 30 days, as they were.
 *
 * @returns how many were restored
 */
export async function restoreLicenses(ctx: Context, ids: number[]): Promise<number> {
  requireRole(ctx, "manager");
  return await changeAll(
    ctx,
    "license.restored",
    ctx.db`
      update licenses
      set deleted_at = null, updated_at = ${ctx.now}
      where id = any(${ids}) and deleted_at > ${ctx.now}::timestamptz - make_interval(days => ${RESTORABLE_FOR})
      returning *`,
  );
}

/** Makes one change to many licenses and records an event for each that changed, in one statement. */
async function changeAll(
  ctx: Context,
  type: EventType,
  change: Fragment,
  before: Fragment = ctx.db`null::jsonb`,
  after: Fragment = ctx.db`null::jsonb`,
): Promise<number> {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    with changed as (${change}),
    recorded as (${
    eventsFrom(
      ctx,
      type,
      ctx.db`
        select
          'license' as subject_kind, id as subject_id, id as license_id, customer_id,
          null::bigint as activation_id, ${before} as before, ${after} as after
        from changed`,
    )
  })
    select count(*) as count
    from changed`;
  return count;
}

export type LicenseChanges = Partial<Pick<LicenseRow, "validUntil" | "maxActivations" | "maxUsers">>;

/**
 * Changes the terms that are given and no others. A limit may be set below what is in use: nobody loses a place, and
 * nobody new gets one.
 *
 * @throws Refusal `NOT_FOUND`, or `INVALID_REQUEST` when the license would end before it begins
 */
export async function editLicense(ctx: Context, id: number, changes: LicenseChanges): Promise<LicenseRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [before] = await ctx.db<LicenseRow[]>`
      select *
      from licenses
      where id = ${id} and deleted_at is null
      for update`;
    if (!before) refuse("NOT_FOUND", { field: "license_id" }, { message: "There is no license of that id." });
    const after = { ...before, ...changes };
    if (after.validUntil !== null && after.validUntil < after.validFrom) {
      refuse("INVALID_REQUEST", { field: "valid_until", reason: "before_valid_from" });
    }
    const [license] = await ctx.db<LicenseRow[]>`
      update licenses
      set
        valid_until = ${after.validUntil}, max_activations = ${after.maxActivations},
        max_users = ${after.maxUsers}, updated_at = ${ctx.now}
      where id = ${id}
      returning *`;
    const names = Object.keys(changes) as (keyof LicenseChanges)[];
    const changed = names.filter((name) => before[name] !== license[name]);
    const pick = (row: LicenseRow) => Object.fromEntries(changed.map((name) => [name, row[name]]));
    if (changed.length > 0) {
      await recordEvent(ctx, {
        type: "license.updated",
        subject: ["license", id],
        licenseId: id,
        customerId: license.customerId,
        before: pick(before),
        after: pick(license),
      });
    }
    return license;
  });
}
