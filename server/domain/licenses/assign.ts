// Assigning a license to a user, who then uses it by signing in.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { pickValues, requireRevision, type SeenRevision } from "../revision.ts";
import { claimTrial } from "../trials/trial.ts";
import { licenseFields, type LicenseRow } from "./license.ts";

/**
 * Assigns a license to a user, or removes the assignment.
 *
 * @param input.userId null removes it
 * @param input.revision the revision of the license that was seen; without it, any
 * @throws DomainError `NOT_FOUND` when the license or the user does not exist, `REVISION_OUTDATED`,
 *   `TRIAL_ALREADY_USED` when the terms give each user one trial of the product
 */
export function assignLicense(
  ctx: Context,
  { id, userId, revision }: { id: number; userId: number | null; revision?: SeenRevision },
): Promise<LicenseRow> {
  requireRole(ctx, "manager");
  return inTransaction(ctx, async (ctx) => {
    const [before] = await ctx.db<LicenseRow[]>`
      select *
      from licenses
      where id = ${id} and deleted_at is null
      for update`;
    if (!before) refuse("NOT_FOUND", { subject: "license", field: "licenseId" });
    requireRevision({ subject: "license", current: pickValues(before, licenseFields) }, revision);
    if (userId !== null) {
      const [user] = await ctx.db`
        select 1
        from users
        where id = ${userId}`;
      if (!user) refuse("NOT_FOUND", { subject: "user", field: "userId" });
    }
    if (before.userId === userId) return before;
    const [license] = await ctx.db<LicenseRow[]>`
      update licenses
      set user_id = ${userId}, updated_at = ${ctx.now}
      where id = ${id}
      returning *`;
    if (license.trialPer === "user") await claimTrial(ctx, license);
    await recordEvent(ctx, {
      type: "license.assigned",
      subjectId: id,
      licenseId: id,
      customerId: license.customerId,
      before: { userId: before.userId },
      after: { userId },
    });
    return license;
  });
}
