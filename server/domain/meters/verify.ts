// Verifying a license together with what is used of its meters.
import { type ReportedMachine } from "../activations/machine_data.ts";
import { type VerificationResult, verifyLicense } from "../activations/verify.ts";
import type { Context } from "../context.ts";
import { type MaybePromise, whenKnown } from "../when_known.ts";
import type { CurrentMeter } from "./meter.ts";
import { getShownMeters } from "./usage.ts";

export interface Verification extends VerificationResult {
  /** The meters of the license, at most a second old; absent where it has none. */
  usage?: CurrentMeter[];
}

/**
 * As `verifyLicense`, with the use of meters. A license without meters is answered as fast as without this.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export function verifyWithUsage(
  ctx: Context,
  input: ReportedMachine & { activationId?: number | null },
): MaybePromise<Verification> {
  return whenKnown(verifyLicense(ctx, input), (verified) => {
    const { id, hasMeters } = verified.license;
    return hasMeters ? whenKnown(getShownMeters(ctx, id), (usage) => ({ ...verified, usage })) : verified;
  });
}
