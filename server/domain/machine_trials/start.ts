// Trials of apps without accounts: an app starts one on its machine, with a license of its own, once for each product.
import { activateLicense, type ActivationResult, type Machine } from "../activations/activate.ts";
import { isPlaceholderFingerprint, refusePlaceholder } from "../activations/fingerprints.ts";
import type { CalendarDay } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { isDomainError, refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { issueLicense } from "../licenses/issue.ts";
import type { LicenseRow } from "../licenses/license.ts";
import type { PlanRow } from "../plans/plans.ts";
import { findProductByCode, listVisibleProducts, type ProductCode } from "../products/visible.ts";
import { trialCustomerOf } from "../trials/trial_customer.ts";
import { findMachineTrial, type LicenseOfTrial } from "./find.ts";

export interface MachineTrialRequest extends Machine {
  /** The code of the product; null: the only one that the caller may see. */
  product: string | null;
  /** The code of the plan; null: the product's only one with trials for each machine. */
  plan: string | null;
}

export interface MachineTrial {
  activation: ActivationResult;
  /** The last day, inclusive; null: the trial does not end. */
  validUntil: CalendarDay | null;
  /** Whether this request started it. */
  isNew: boolean;
}

/**
 * Starts the trial of a machine, and activates its license there. While it can be used, the machine gets the same license
 * again, from any number of requests and servers at the same time.
 *
 * @throws DomainError `INVALID_REQUEST` for a placeholder and where no plan or several may be meant, `NOT_FOUND` for an
 *   unknown product, `TRIAL_ALREADY_USED` after the end of the trial, `LICENSE_INACTIVE` while it is disabled, and as
 *   `activateMachine`
 */
export async function startMachineTrial(ctx: Context, request: MachineTrialRequest): Promise<MachineTrial> {
  if (isPlaceholderFingerprint(request.hardwareId)) refusePlaceholder("hardwareHash");
  const product = await findProduct(ctx, request.product);
  const { hardwareId } = request;
  const known = await findMachineTrial(ctx, { productId: product.id, hardwareId });
  if (known) return await continueTrial(ctx, request, known);
  const plan = await findPlan(ctx, product, request.plan);
  try {
    return await startTrial(ctx, request, plan);
  } catch (error) {
    if (!isDomainError(error, "TRIAL_ALREADY_USED")) throw error;
    // Another request has started it since.
    const started = await findMachineTrial(ctx, { productId: product.id, hardwareId });
    if (!started) throw error;
    return await continueTrial(ctx, request, started);
  }
}

async function startTrial(ctx: Context, request: MachineTrialRequest, plan: PlanRow): Promise<MachineTrial> {
  return await inTransaction(ctx, async (ctx) => {
    const system: Context = { ...ctx, actor: { kind: "system", job: "trial" } };
    const license = await issueLicense(system, {
      customerId: await trialCustomerOf(system, plan.productId),
      productId: plan.productId,
      planId: plan.id,
      machineOfTrial: request.hardwareId,
      isStartedByApp: true,
    });
    await recordEvent(ctx, {
      type: "license.trial_started",
      subjectId: license.id,
      licenseId: license.id,
      customerId: license.customerId,
      after: { hardwareId: request.hardwareId },
    });
    return await activateTrial(ctx, request, license, true);
  });
}

/** Gives a machine its license again. One that became more than a trial, or someone's, is not handed out. */
async function continueTrial(
  ctx: Context,
  request: MachineTrialRequest,
  license: LicenseOfTrial,
): Promise<MachineTrial> {
  if (license.type !== "trial" || !license.isAnonymous || license.deletedAt) {
    refuse("TRIAL_ALREADY_USED", { per: "machine" });
  }
  try {
    return await activateTrial(ctx, request, license, false);
  } catch (error) {
    if (isDomainError(error, "LICENSE_EXPIRED")) refuse("TRIAL_ALREADY_USED", { per: "machine" });
    throw error;
  }
}

async function activateTrial(
  ctx: Context,
  { hardwareId, machineName, appVersion, components }: Machine,
  license: LicenseRow,
  isNew: boolean,
): Promise<MachineTrial> {
  const activation = await activateLicense(ctx, {
    licenseKey: license.key,
    hardwareId,
    machineName,
    appVersion,
    components,
  });
  // The activation may have started its period.
  const [{ validUntil }] = await ctx.db<Pick<LicenseRow, "validUntil">[]>`
    select valid_until
    from licenses
    where id = ${license.id}`;
  return { activation, validUntil, isNew };
}

async function findProduct(ctx: Context, code: string | null): Promise<ProductCode> {
  if (code !== null) return await findProductByCode(ctx, code) ?? refuseUnknownProduct();
  const visible = await listVisibleProducts(ctx);
  if (visible.length > 1) {
    refuse("INVALID_REQUEST", {
      field: "product",
      reason: "one_of",
      known: visible.map(({ code }) => code),
    });
  }
  return visible[0] ?? refuseUnknownProduct();
}

function refuseUnknownProduct(): never {
  refuse("NOT_FOUND", { subject: "product", field: "product" });
}

async function findPlan(ctx: Context, product: ProductCode, code: string | null): Promise<PlanRow> {
  const plans = await ctx.db<PlanRow[]>`
    select *
    from plans
    where product_id = ${product.id} and deleted_at is null and trial_per = 'machine'
    order by code`;
  if (plans.length === 0) refuse("INVALID_REQUEST", { field: "plan", reason: "no_machine_trial" });
  const meant = code === null ? plans : plans.filter((plan) => plan.code === code);
  if (meant.length === 1) return meant[0];
  refuse("INVALID_REQUEST", { field: "plan", reason: "one_of", known: plans.map(({ code }) => code) });
}
