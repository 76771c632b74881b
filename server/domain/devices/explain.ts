// Why a license is or is not usable on a machine: the policy's checks with their values.
import type { ActivationRow } from "../activations/activation.ts";
import { dayOf } from "../calendar.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { getExistingLicense } from "../licenses/list.ts";
import { type CheckResult, evaluate, type Evaluation } from "../policy/evaluate.ts";

export interface Explanation {
  /** The code that a verification returns now. */
  verify: Evaluation["code"];
  /** The code that an activation returns now. */
  activate: Evaluation["code"];
  /** The checks of both, in order. */
  checks: CheckResult[];
}

/**
 * Evaluates a license on a machine, which may be unknown.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function explainValidation(
  ctx: Context,
  { licenseId, hardwareId }: { licenseId: number; hardwareId: string | null },
): Promise<Explanation> {
  requireRole(ctx, "viewer");
  const license = await getExistingLicense(ctx, licenseId);
  const [activation = null] = await ctx.db<Pick<ActivationRow, "isActive">[]>`
    select is_active
    from activations
    where license_id = ${licenseId} and hardware_id = ${hardwareId}`;
  const day = dayOf(ctx.now);
  const { activationsInUse } = license;
  return {
    verify: evaluate(license, { day, activation }).code,
    activate: evaluate(license, activation?.isActive ? { day } : { day, activationsInUse }).code,
    checks: evaluate(license, { day, activation, activationsInUse }).checks,
  };
}
