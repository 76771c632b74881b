// The trial that a user's first sign-in with a device starts, once per user and once per machine.
import { isPlaceholderFingerprint, refusePlaceholder } from "../activations/fingerprints.ts";
import { type Context, inTransaction } from "../context.ts";
import { createCustomer } from "../customers/customers.ts";
import { isDomainError } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { issueLicense } from "../licenses/issue.ts";
import type { PlanRow } from "../plans/plans.ts";
import { claimFirstSignIn } from "../trials/trial.ts";
import type { UserRow } from "./users.ts";

/**
 * Starts a trial for a user who never had a license, unless the user or the machine had a trial.
 *
 * @returns whether it was started
 * @throws DomainError `INVALID_REQUEST` (`placeholder`) when the fingerprint does not identify a machine
 */
export async function startTrial(ctx: Context, user: UserRow, hardwareId: string): Promise<boolean> {
  try {
    return await startFirst(ctx, user, hardwareId);
  } catch (error) {
    // The plan's terms give one trial of the product, which the user, customer or machine had in another way.
    if (isDomainError(error, "TRIAL_ALREADY_USED")) return false;
    throw error;
  }
}

function startFirst(ctx: Context, user: UserRow, hardwareId: string): Promise<boolean> {
  return inTransaction(ctx, async (ctx) => {
    const plan = await findTrialPlan(ctx);
    if (!plan) return false;
    // A concurrent first sign-in waits here for this transaction.
    if (!await claimFirstSignIn(ctx, { userId: user.id, hardwareId })) return false;
    if (isPlaceholderFingerprint(hardwareId)) refusePlaceholder("deviceId");
    const system: Context = { ...ctx, actor: { kind: "system", job: "trial" } };
    const license = await issueLicense(system, {
      customerId: await customerOf(system, user),
      productId: plan.productId,
      planId: plan.id,
      userId: user.id,
      isStartedByApp: true,
      machineOfTrial: hardwareId,
    });
    await recordEvent(ctx, {
      type: "trial.started",
      subjectId: user.id,
      licenseId: license.id,
      customerId: license.customerId,
      after: { hardwareId, validUntil: license.validUntil },
    });
    return true;
  });
}

/** The trial plan of the settings, in the oldest product that has one. */
async function findTrialPlan(ctx: Context): Promise<PlanRow | null> {
  if (ctx.settings.trialPlan === "") return null;
  const [plan] = await ctx.db<PlanRow[]>`
    select pl.*
    from plans pl
    join products p on p.id = pl.product_id
    where pl.code = ${ctx.settings.trialPlan} and pl.deleted_at is null and p.deleted_at is null
    order by p.id
    limit 1`;
  return plan ?? null;
}

/**
 * The customer with the user's address, which is verified, or a new one. A customer that had the address when it was merged
 * is the one that stays.
 */
async function customerOf(ctx: Context, user: UserRow): Promise<number> {
  const [known] = await ctx.db<{ id: number }[]>`
    select coalesce(merged_into_id, id) as id
    from customers
    where lower(email) = ${user.email} and (deleted_at is null or merged_into_id is not null)
    order by merged_into_id is not null, customers.id
    limit 1`;
  return known?.id ?? (await createCustomer(ctx, { name: user.name, email: user.email })).id;
}
