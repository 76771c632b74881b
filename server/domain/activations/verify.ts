// The verdict: may this license be used on this machine today? The busiest verb of the house, answered from memory
// when what it rests on is remembered.
import type { Context } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { listReleases, type Offer, offerUpdate, readVersion } from "../releases/releases.ts";
import { refuse } from "../errors.ts";
import { evaluate, type MachineDenialCode } from "../policy/evaluate.ts";
import type { LicenseDenialCode } from "../policy/checks.ts";
import { getValidationData, type ValidationData } from "./validation_data.ts";

/** A sign of life that comes with a verification is written this often at most; milliseconds. */
const HEARTBEAT_INTERVAL = 60_000;

export interface ValidationResult {
  valid: boolean;
  code: "VALID" | Exclude<LicenseDenialCode, "INVALID_LICENSE"> | MachineDenialCode;
  license: ValidationData["license"];
  activation: ValidationData["activation"];
}

/**
 * Decides whether a license may be used on a machine today. A negative verdict is a value, not a refusal.
 *
 * @param input.activationId as the app was told when it activated; another machine's makes the verdict `NOT_ACTIVATED`
 * @throws DomainError `INVALID_LICENSE` when there is no such license to decide over
 */
export async function verifyLicense(
  ctx: Context,
  input: { licenseKey: string; hardwareId: string; appVersion: string | null; activationId?: number | null },
): Promise<ValidationResult & { offer: Offer }> {
  const standing = await getValidationData(ctx, input.licenseKey, input.hardwareId);
  const verdict = validate(ctx, standing, input.activationId ?? null);
  noteHeartbeat(ctx, standing, input.appVersion);
  if (verdict.valid) ctx.heartbeats.recordVerified(ctx.now);
  const releases = await listReleases(ctx, standing.license.productId);
  const version = input.appVersion === null ? null : readVersion(input.appVersion);
  return { ...verdict, offer: offerUpdate(releases, version) };
}

/** The verdict over a standing. */
export function validate(
  ctx: Context,
  standing: ValidationData,
  activationId: number | null = null,
): ValidationResult {
  const { license, activation } = standing;
  const foreign = activationId !== null && activation !== null && activation.id !== activationId;
  const { code } = evaluate(license, { day: dayOf(ctx.now), activation: foreign ? null : activation });
  if (code === "INVALID_LICENSE") refuse(code);
  return { valid: code === "VALID", code, license, activation };
}

/** Verifying shows that the machine is alive; that is written now and then, and waits for nobody. */
function noteHeartbeat(ctx: Context, { activation }: ValidationData, appVersion: string | null): void {
  const now = ctx.now.getTime();
  if (!activation?.isActive || now - activation.lastHeartbeat < HEARTBEAT_INTERVAL) return;
  activation.lastHeartbeat = now;
  ctx.heartbeats.writeLater({ activationId: activation.id, at: ctx.now, appVersion });
}
