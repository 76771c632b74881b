// Who had a trial of a product. A plan says within what its trials can be started only once; unique indexes hold it.
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { Terms } from "../policy/inputs.ts";
import { comparable } from "../text.ts";

/** A row of `trials`. */
export interface TrialRow {
  id: number;
  /** Null: a trial of the setting `trialPlan`, of which there is one for all products. */
  productId: number | null;
  userId: number | null;
  customerId: number | null;
  /** In the form that is compared: another spelling of a fingerprint starts no second trial. */
  hardwareId: string | null;
  licenseId: number | null;
  startedAt: Date;
}

/** A license that may be a trial. */
interface ClaimingLicense extends Pick<Terms, "trialPer"> {
  id: number;
  productId: number;
  customerId: number;
  userId: number | null;
}

/**
 * Marks the trial of a license as used by its user, customer or machine, if its terms say that each gets one. Of claims at
 * the same time one succeeds; the others wait for its transaction. A user or machine that is not known yet has used none.
 *
 * @param hardwareId the machine that the trial is for, where it is known
 * @throws DomainError `TRIAL_ALREADY_USED`
 */
export async function claimTrial(
  ctx: Context,
  { id, productId, customerId, userId, trialPer }: ClaimingLicense,
  hardwareId?: string,
): Promise<void> {
  if (trialPer === "none") return;
  const of = {
    userId: trialPer === "user" ? userId : null,
    customerId: trialPer === "customer" ? customerId : null,
    hardwareId: trialPer === "machine" && hardwareId !== undefined ? comparable(hardwareId) : null,
  };
  if (Object.values(of).every((value) => value === null)) return;
  const claimed = await ctx.db`
    insert into trials (product_id, user_id, customer_id, hardware_id, license_id, started_at)
    values (${productId}, ${of.userId}, ${of.customerId}, ${of.hardwareId}, ${id}, ${ctx.now})
    on conflict do nothing`;
  if (claimed.count > 0) return;
  const [own] = await ctx.db`
    select
    from trials
    where product_id = ${productId} and license_id = ${id} and (
      user_id = ${of.userId} or customer_id = ${of.customerId} or hardware_id = ${of.hardwareId}
    )`;
  // A license that is assigned to the same user again.
  if (!own) refuse("TRIAL_ALREADY_USED", { per: trialPer });
}

/**
 * Marks the trial that a first sign-in starts as used by the user and the machine, for all products, unless the user ever
 * had a license.
 *
 * @returns whether neither had such a trial
 */
export async function claimFirstSignIn(
  ctx: Context,
  { userId, hardwareId }: { userId: number; hardwareId: string },
): Promise<boolean> {
  const claimed = await ctx.db`
    insert into trials (user_id, hardware_id, started_at)
    select ${userId}, ${comparable(hardwareId)}, ${ctx.now}
    where not exists (select from licenses where user_id = ${userId})
    on conflict do nothing`;
  return claimed.count > 0;
}
