// Verifying a license on a machine: the most frequent call, evaluated on cached data.
import { dayOf, LAST_DAY } from "../calendar.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { startLicense, type StartsWith } from "../licenses/start.ts";
import type { LicenseDenialCode } from "../policy/checks.ts";
import { type AppVersion, coveredReleases, dependsOnVersion } from "../policy/app_version.ts";
import { type Entitlements, noEntitlements } from "../policy/entitlements.ts";
import { denialOf, type MachineDenialCode, type ValidCode, validCodeOf } from "../policy/evaluate.ts";
import { stateOf } from "../policy/expiry.ts";
import type { LicenseState } from "../policy/terms.ts";
import { appVersionOf } from "../releases/app_version.ts";
import { chooseUpdate, type UpdateInfo } from "../releases/find_update.ts";
import { getPublishedReleases } from "../releases/published.ts";
import { parseVersion } from "../releases/version.ts";
import { type MaybePromise, whenKnown } from "../when_known.ts";
import { getMachineData, type ReportedMachine } from "./machine_data.ts";
import { noteHeartbeat } from "./validation_data.ts";
import type { ValidationData } from "./validation_packing.ts";

/** Minimum interval between heartbeats written for verifications of a machine; milliseconds. */
const HEARTBEAT_INTERVAL = 60_000;

export interface ValidationResult {
  valid: boolean;
  code: ValidCode | Exclude<LicenseDenialCode, "INVALID_LICENSE"> | MachineDenialCode;
  /** The license's state; an expired one may be valid by its terms. */
  state: LicenseState;
  /** With what the first period begins, while it has not. */
  startsWith: StartsWith | null;
  /** What the app may do; nothing while the license is not valid. */
  entitlements: Entitlements;
  license: ValidationData["license"];
  activation: ValidationData["activation"];
}

export interface VerificationResult extends ValidationResult {
  /** When the activation lapses unless the machine is heard of; null: never, or the license is not valid. */
  leaseEnds: Date | null;
  update: UpdateInfo;
}

/**
 * Validates a license on a machine today, and checks for an update of the app. Counts as a heartbeat. There is no promise
 * when everything is cached.
 *
 * @param input.activationId the id the app received when it activated; if it is not the machine's, the result is
 *   `NOT_ACTIVATED`
 * @throws DomainError `INVALID_LICENSE` when the license does not exist
 */
export function verifyLicense(
  ctx: Context,
  input: ReportedMachine & { activationId?: number | null },
): MaybePromise<VerificationResult> {
  return whenKnown(getMachineData(ctx, input), (data) => {
    const { license } = data;
    return whenKnown(getPublishedReleases(ctx, license.productId), (releases) => {
      const app = dependsOnVersion(license) ? appVersionOf(releases, input.appVersion) : undefined;
      const result = validate(ctx, data, { app, activationId: input.activationId ?? null });
      if (result.valid && data.startsWith === "first_validation") {
        return startAndVerify(ctx, input, license.id);
      }
      const lastHeartbeat = recordVerificationHeartbeat(ctx, data, input);
      if (result.valid) ctx.heartbeats.recordVerified(ctx.now);
      const version = input.appVersion === null ? null : parseVersion(input.appVersion);
      return {
        ...result,
        leaseEnds: result.valid ? leaseEnd(data, lastHeartbeat) : null,
        update: chooseUpdate(releases, version, coveredReleases(license, dayOf(ctx.now))),
      };
    });
  });
}

/** Starts a license whose first period begins with its first validation, and validates it again. */
async function startAndVerify(
  ctx: Context,
  input: Parameters<typeof verifyLicense>[1],
  licenseId: number,
): Promise<VerificationResult> {
  await startLicense(ctx, licenseId, ["first_validation"]);
  return await verifyLicense(ctx, input);
}

/**
 * Evaluates validation data today.
 *
 * @param options.app what the app reports, where the license depends on it
 */
export function validate(
  ctx: Context,
  { license, activation, startsWith = null }: ValidationData,
  { app, activationId = null }: { app: AppVersion | undefined; activationId?: number | null },
): ValidationResult {
  const day = dayOf(ctx.now);
  const state = stateOf(license, day);
  const isOtherMachine = activationId !== null && activation?.id !== activationId;
  const denial = denialOf(license, { day, app, activation: isOtherMachine ? null : activation });
  if (denial === "INVALID_LICENSE") refuse(denial);
  if (denial !== null && ctx.subject) ctx.subject.denial = denial;
  return {
    valid: denial === null,
    code: denial ?? validCodeOf(state),
    state,
    startsWith,
    entitlements: denial === null ? license.entitlements : noEntitlements,
    license,
    activation,
  };
}

/** Nothing ends later than with the calendar. */
const LAST_INSTANT = Date.parse(`${LAST_DAY}T23:59:59.999Z`);

/** When an activation lapses that was heard of last at that time; null: never. */
export function leaseEnd({ lease }: Pick<ValidationData, "lease">, lastHeartbeat: number): Date | null {
  return lease === null ? null : new Date(Math.min(lastHeartbeat + lease, LAST_INSTANT));
}

/**
 * Records a heartbeat at most once per interval, without waiting for it to be written.
 *
 * @returns the last one; milliseconds since 1970
 */
function recordVerificationHeartbeat(
  ctx: Context,
  { activation }: ValidationData,
  input: { licenseKey: string; hardwareId: string; appVersion: string | null },
): number {
  // Also when the last one is ahead, by a clock that was put back since.
  const isRecent = (last: number) => Math.abs(ctx.now.getTime() - last) < HEARTBEAT_INTERVAL;
  if (!activation?.isActive || isRecent(activation.lastHeartbeat)) return activation?.lastHeartbeat ?? 0;
  noteHeartbeat(ctx, input);
  ctx.heartbeats.writeLater({ activationId: activation.id, at: ctx.now, appVersion: input.appVersion });
  return ctx.now.getTime();
}
