// Administration of licenses: enable, disable, edit, delete and restore them, one or thousands in one statement. A
// license that a change does not affect gets no event.
import { isBefore } from "../calendar.ts";
import { lockCustomer } from "../customers/customers.ts";
import { differenceOf, refuseNotFound, type Update } from "../entity.ts";
import { restorableSince } from "../soft_delete.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { requireConsistentTerms } from "../policy/contradictions.ts";
import type { Terms } from "../policy/inputs.ts";
import { termAssignments } from "../policy/term_columns.ts";
import { changedUpdatesEnd } from "../policy/updates.ts";
import { refuse } from "../errors.ts";
import { pickValues, requireRevision, type SeenRevision } from "../revision.ts";
import { type ChangedLicense, changeLicenses, deletion, enablement, restoration } from "./bulk_changes.ts";
import { licenseFields, type LicenseRow } from "./license.ts";

/**
 * Enables or disables licenses.
 *
 * @param change.reason why they are disabled; for administrators only
 * @returns the ids of those that changed, with which it can be undone
 */
export async function setLicensesEnabled(
  ctx: Context,
  { ids, enabled, reason }: { ids: number[]; enabled: boolean; reason?: string | null },
): Promise<number[]> {
  requireRole(ctx, "manager");
  return idsOf(await changeLicenses(ctx, ids, enablement(ctx, enabled, enabled ? null : reason)));
}

/**
 * Enables a disabled license and disables an enabled one.
 *
 * @returns whether it is enabled now
 * @throws DomainError `NOT_FOUND`
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
      refuse("NOT_FOUND", { subject: "license", field: "licenseId" });
    }
    await setLicensesEnabled(ctx, { ids: [id], enabled: !license.isActive });
    return !license.isActive;
  });
}

/**
 * Deletes licenses. They can be restored for 30 days, and their history is kept.
 *
 * @returns the ids of those that were deleted
 */
export async function deleteLicenses(ctx: Context, ids: number[]): Promise<number[]> {
  requireRole(ctx, "manager");
  return idsOf(await changeLicenses(ctx, ids, deletion(ctx)));
}

/**
 * Restores licenses deleted within the last 30 days, except those whose customer or product is deleted.
 *
 * @returns the ids of those that were restored
 */
export async function restoreLicenses(ctx: Context, ids: number[]): Promise<number[]> {
  requireRole(ctx, "manager");
  return idsOf(await changeLicenses(ctx, ids, restoration(ctx)));
}

function idsOf(changed: ChangedLicense[]): number[] {
  return changed.map(({ id }) => id);
}

/**
 * Deletes one license.
 *
 * @param revision the revision that was seen; without it, any
 * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`
 */
export async function deleteLicense(ctx: Context, id: number, revision?: SeenRevision): Promise<void> {
  requireRole(ctx, "manager");
  await inTransaction(ctx, async (ctx) => {
    const license = await lockLicense(ctx, id);
    requireRevision({ subject: "license", current: pickValues(license, licenseFields) }, revision);
    await deleteLicenses(ctx, [id]);
  });
}

/** Locks a license that is not deleted until the transaction ends. */
async function lockLicense(ctx: Context, id: number): Promise<LicenseRow> {
  const [license] = await ctx.db<LicenseRow[]>`
    select *
    from licenses
    where id = ${id} and deleted_at is null
    for update`;
  return license ?? refuse("NOT_FOUND", { subject: "license", field: "licenseId" });
}

/**
 * Restores one license deleted within the last 30 days.
 *
 * @throws DomainError `NOT_FOUND`, or `CONFLICT` when its customer or product is deleted
 */
export async function restoreLicense(ctx: Context, id: number): Promise<void> {
  if ((await restoreLicenses(ctx, [id])).length > 0) return;
  const [deleted] = await ctx.db`
    select 1
    from licenses
    where id = ${id} and deleted_at > ${restorableSince(ctx)}`;
  if (!deleted) refuseNotFound("license");
  refuse("CONFLICT", { reason: "parent_deleted", licenseId: id });
}

export type LicenseChanges = Partial<
  & Pick<
    LicenseRow,
    | "customerId"
    | "planId"
    | "type"
    | "validFrom"
    | "validUntil"
    | "updatesUntil"
    | "notes"
    | "tags"
    | "metadata"
  >
  & Terms
>;

/**
 * Changes the given terms. A limit may be set below the number in use: existing activations and seats stay, and no new
 * one is admitted.
 *
 * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`, `INVALID_REQUEST` when the customer does not exist, the plan is of
 *   another product, the last day would be before the first, or terms would contradict each other
 */
export async function updateLicense(
  ctx: Context,
  { id, changes, revision }: Update<LicenseChanges>,
): Promise<LicenseRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const before = await lockLicense(ctx, id);
    requireRevision({ subject: "license", current: pickValues(before, licenseFields) }, revision);
    const after = { ...before, ...changes };
    if (changes.customerId !== undefined) after.customerId = await lockCustomer(ctx, changes.customerId);
    if (changes.planId != null) await requirePlan(ctx, changes.planId, before.productId);
    if (after.validUntil !== null && isBefore(after.validUntil, after.validFrom)) {
      refuse("INVALID_REQUEST", { field: "validUntil", reason: "before_valid_from" });
    }
    requireConsistentTerms({ ...after, licenseType: after.type });
    if (changes.updates !== undefined && changes.updatesUntil === undefined) {
      after.updatesUntil = changedUpdatesEnd(before, after);
    }
    const [license] = await ctx.db<LicenseRow[]>`
      update licenses
      set
        customer_id = ${after.customerId}, plan_id = ${after.planId}, type = ${after.type},
        valid_from = ${after.validFrom}, valid_until = ${after.validUntil},
        anchor_day = ${after.validUntil === before.validUntil ? before.anchorDay : null},
        starts_with = ${changes.validUntil === undefined ? after.startsWith : null},
        updates_until = ${after.updatesUntil}, ${
      termAssignments(ctx.db, after)
    }, notes = ${after.notes}, tags = ${after.tags}, metadata = ${
      ctx.db.json(after.metadata)
    }, updated_at = ${ctx.now}
      where id = ${id}
      returning *`;
    const difference = differenceOf(before, license, licenseFields);
    if (difference) {
      await recordEvent(ctx, {
        type: "license.updated",
        subjectId: id,
        licenseId: id,
        customerId: license.customerId,
        ...difference,
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
  if (!plan) refuse("INVALID_REQUEST", { field: "planId", reason: "not_a_plan_of_this_product" });
}
