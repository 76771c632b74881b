// Managing licenses that exist: switching, changing terms, deleting and restoring. One license or ten thousand go the
// same way; what is already as wished is left alone and leaves no event.
import type { Fragment } from "../../../db/connect.ts";
import { refuseMissing, RESTORABLE_FOR } from "../changes.ts";
import { type Context, dayOf, inTransaction, requireRole } from "../context.ts";
import { eventsFrom, type EventType, recordEvent } from "../events.ts";
import { refuse } from "../refusals.ts";
import type { LicenseRow } from "./license.ts";

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
 * Switches a license to what it is not.
 *
 * @returns whether it is on now
 * @throws Refusal `NOT_FOUND`
 */
export async function toggleLicense(ctx: Context, id: number): Promise<boolean> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [license] = await ctx.db<Pick<LicenseRow, "isActive">[]>`
      select is_active
      from licenses
      where id = ${id} and deleted_at is null
      for update`;
    if (!license) {
      refuse("NOT_FOUND", { field: "license_id" }, { message: "There is no license of that id." });
    }
    await switchLicenses(ctx, [id], !license.isActive);
    return !license.isActive;
  });
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

/** Deletes one license; refuses `NOT_FOUND`. */
export async function deleteLicense(ctx: Context, id: number): Promise<void> {
  if (await deleteLicenses(ctx, [id]) === 0) refuseMissing("license");
}

/** Restores one license deleted within the last 30 days; refuses `NOT_FOUND`. */
export async function restoreLicense(ctx: Context, id: number): Promise<void> {
  if (await restoreLicenses(ctx, [id]) === 0) refuseMissing("license");
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

export type LicenseChanges = Partial<
  Pick<
    LicenseRow,
    "customerId" | "planId" | "type" | "validFrom" | "validUntil" | "maxActivations" | "maxUsers"
  >
>;

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
    if (changes.planId != null) await requirePlan(ctx, changes.planId, before.productId);
    if (after.validUntil !== null && after.validUntil < after.validFrom) {
      refuse("INVALID_REQUEST", { field: "valid_until", reason: "before_valid_from" });
    }
    const [license] = await ctx.db<LicenseRow[]>`
      update licenses
      set
        customer_id = ${after.customerId}, plan_id = ${after.planId}, type = ${after.type},
        valid_from = ${after.validFrom}, valid_until = ${after.validUntil},
        max_activations = ${after.maxActivations},
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

async function requirePlan(ctx: Context, planId: number, productId: number): Promise<void> {
  const [plan] = await ctx.db`
    select 1
    from plans
    where id = ${planId} and product_id = ${productId} and deleted_at is null`;
  if (!plan) refuse("INVALID_REQUEST", { field: "plan_id", reason: "not_a_plan_of_this_product" });
}

/** What an extension would do to each license. */
export interface Extended {
  id: number;
  key: string;
  customerName: string;
  before: string | null;
  after: string | null;
}

/**
 * Moves the end of licenses, from where it is or, where it is past, from today. A license without an end stays so.
 *
 * @param options.preview only says what would change
 */
export async function extendLicenses(
  ctx: Context,
  input: { licenseIds: number[]; by: string },
  options: { preview: boolean },
): Promise<Extended[]> {
  requireRole(ctx, options.preview ? "viewer" : "manager");
  return await inTransaction(ctx, async (ctx) => {
    const licenses = await ctx.db<(Extended & { customerId: number })[]>`
      select l.id, l.key, l.customer_id, c.name as customer_name, l.valid_until as before,
        (greatest(l.valid_until, ${dayOf(ctx.now)}::date) + ${input.by}::interval)::date as after
      from licenses l
      join customers c on c.id = l.customer_id
      where l.id = any(${input.licenseIds}) and l.deleted_at is null and l.valid_until is not null
      order by l.id
      ${options.preview ? ctx.db`` : ctx.db`for no key update of l`}`;
    if (options.preview) return licenses;
    const ends = new Map(licenses.map(({ id, after }) => [id, after]));
    await ctx.db`
      with wanted as (
        select *
        from unnest(${[...ends.keys()]}::bigint[], ${[...ends.values()]}::date[]) as wanted (id, valid_until)
      ),
      was as (
        select l.id, l.valid_until
        from licenses l
        join wanted using (id)
      ),
      changed as (
        update licenses
        set valid_until = wanted.valid_until, updated_at = ${ctx.now}
        from wanted
        where licenses.id = wanted.id
        returning licenses.*
      )
      ${
      eventsFrom(
        ctx,
        "license.updated",
        ctx.db`
          select
            'license' as subject_kind, changed.id as subject_id, changed.id as license_id, customer_id,
            null::bigint as activation_id, jsonb_build_object('validUntil', was.valid_until) as before,
            jsonb_build_object('validUntil', changed.valid_until) as after
          from changed
          join was using (id)`,
      )
    }`;
    return licenses;
  });
}
