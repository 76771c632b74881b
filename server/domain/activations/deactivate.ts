// Deactivating a machine, by its app or by an administrator. Its activation and its seats are freed immediately.
import { type Context, noteSubject } from "../context.ts";
import { refuse } from "../errors.ts";
import { requireKey } from "../licenses/key.ts";
import { runShared } from "../shared_work.ts";
import type { ActivationRow } from "./activation.ts";
import { deactivateMachines } from "./deactivation_batch.ts";
import { licenseRequest, targetOfKey } from "./machine_requests.ts";
import { forgetLicense, getValidationData } from "./validation_data.ts";

/**
 * Deactivates a machine, on disabled and expired licenses as well. Does nothing when it is inactive already.
 *
 * @throws DomainError `INVALID_LICENSE`, or `NOT_ACTIVATED` when the machine was never activated
 */
export async function deactivateMachine(
  ctx: Context,
  { licenseKey, hardwareId }: { licenseKey: string; hardwareId: string },
): Promise<{ activation: ActivationRow; licenseKey: string }> {
  const request = {
    ...licenseRequest(ctx, targetOfKey(requireKey(ctx, licenseKey))),
    machine: { activationId: null, hardwareId },
  };
  const result = await runShared(ctx, deactivateMachines, request, async () => {
    const { activation } = await getValidationData(ctx, licenseKey, hardwareId, { uncached: true });
    if (!activation) refuse("NOT_ACTIVATED", { reason: "not_found" });
  });
  forgetLicense(ctx, result.activation.licenseId);
  noteSubject(ctx, result.activation.licenseId, result.activation.id);
  return result;
}

/**
 * Deactivates an activation and ends its seats.
 *
 * @returns false when it was inactive already, or does not exist
 */
export async function deactivateActivation(
  ctx: Context,
  licenseId: number,
  activationId: number,
): Promise<boolean> {
  const request = {
    ...licenseRequest(ctx, { licenseId, keyDigests: [] }),
    machine: { activationId, hardwareId: null },
  };
  const [result] = await deactivateMachines(ctx.db, [request], { waits: true });
  noteSubject(ctx, licenseId, activationId);
  forgetLicense(ctx, licenseId);
  return result?.isChanged ?? false;
}
