// Activating a license on a machine. Every verb that changes the number of active activations locks the license's row
// before the activation's, so that no two of them deadlock.
import { dayOf } from "../calendar.ts";
import { type Context, inTransaction, noteSubject } from "../context.ts";
import { DomainError, refuse } from "../errors.ts";
import { requireKey } from "../licenses/key.ts";
import type { Metadata } from "../metadata.ts";
import { activationCapacity } from "../policy/capacity.ts";
import { requireValid } from "../policy/require_valid.ts";
import { findAppVersion } from "../releases/app_version.ts";
import { runShared } from "../shared_work.ts";
import type { MaybePromise } from "../when_known.ts";
import type { ActivationRequest } from "./activation_batch.ts";
import { type AdmissionResult as ActivationResult, admitMachines, requireAdmission } from "./admit.ts";
import { componentMark, type Components } from "./components.ts";
import { isPlaceholderFingerprint, refusePlaceholder } from "./fingerprints.ts";
import { licenseRequest, type LicenseTarget, targetOfKey } from "./machine_requests.ts";
import { learnComponents, noteMachine, rebindMachine } from "./recognise_machine.ts";
import { forgetLicense, getValidationData } from "./validation_data.ts";
import type { ValidationData } from "./validation_packing.ts";

export type { ActivationResult };

/** What an app reports about its machine. */
export interface Machine {
  hardwareId: string;
  machineName: string | null;
  appVersion: string | null;
  /** Named, hashed parts of it. */
  components?: Components | null;
  /** The input that the fingerprint came from, for errors; `hardwareHash` by default. */
  field?: "hardwareId" | "deviceId";
  /** Whether the properties that the fingerprint was computed from are placeholders. */
  hasOnlyPlaceholders?: boolean;
  /** Replaces that of the activation; what was there stays without it. */
  metadata?: Metadata | null;
}

/** The license to activate. */
export type ActivationTarget = LicenseTarget & {
  /** Reads the license and the machine's activation from the database. */
  load(ctx: Context): MaybePromise<ValidationData>;
};

/**
 * Activates the license of a key on a machine.
 *
 * @throws DomainError `INVALID_LICENSE`, and as `activateMachine`
 */
export async function activateLicense(
  ctx: Context,
  machine: Machine & { licenseKey: string },
): Promise<ActivationResult> {
  return await activateMachine(ctx, machine, {
    ...targetOfKey(requireKey(ctx, machine.licenseKey)),
    load: (ctx) => getValidationData(ctx, machine.licenseKey, machine.hardwareId, { uncached: true }),
  });
}

/**
 * Activates a license on a machine. On a machine that is activated already only its name and version are updated,
 * also when the license is at its limit, and also when its fingerprint is a placeholder, which no new machine may have. A
 * machine that is recognised by its components keeps its activation, which gets the new fingerprint.
 *
 * @throws DomainError `INVALID_REQUEST` (`placeholder`), `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`, `LICENSE_EXPIRED`,
 *   `VERSION_NOT_ENTITLED`, `ACTIVATION_LIMIT_REACHED`, and as `requireAdmission`
 */
export async function activateMachine(
  ctx: Context,
  machine: Machine,
  target: ActivationTarget,
): Promise<ActivationResult> {
  const { components } = machine;
  if (!components) return await activateFingerprint(ctx, machine, target);
  const loaded = await target.load(ctx);
  const { license, machineMatching } = loaded;
  if (machineMatching === "exact" || isPlaceholder(machine)) {
    return await activateFingerprint(ctx, machine, target);
  }
  const presented = { licenseId: license.id, hardwareId: machine.hardwareId, components };
  // Most machines that changed are active.
  const isRebound = !loaded.activation && await noteMachine(ctx, presented);
  const { activation } = isRebound ? await target.load(ctx) : loaded;
  const mark = componentMark(components);
  if (activation?.isActive && activation.componentMark === mark) {
    return await activateFingerprint(ctx, machine, target);
  }
  return await inTransaction(ctx, async (ctx) => {
    await rebindMachine(ctx, presented, { mayBeInactive: true });
    const result = await activateFingerprint(ctx, machine, target);
    const { id: activationId, componentMark: storedMark } = result.activation;
    if (storedMark !== mark) {
      await learnComponents(ctx, { activationId, licenseId: license.id, components }, machineMatching);
    }
    return result;
  });
}

/**
 * Activates a machine again whose activation lapsed, as `activateMachine`. One that was deactivated meanwhile stays so.
 *
 * @returns whether it is active
 */
export async function returnMachine(
  ctx: Context,
  machine: Machine,
  target: ActivationTarget,
): Promise<boolean> {
  try {
    await activateFingerprint(ctx, machine, target, "lapsed");
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

async function activateFingerprint(
  ctx: Context,
  machine: Machine,
  { load, ...target }: ActivationTarget,
  // A machine with a placeholder that was active before may be active again.
  admits: ActivationRequest["admits"] = isPlaceholder(machine) ? "lapsed" : "any",
): Promise<ActivationResult> {
  const day = dayOf(ctx.now);
  const { hardwareId, machineName, appVersion, metadata } = machine;
  const request: ActivationRequest = {
    ...licenseRequest(ctx, target),
    day,
    hardwareId,
    machineName,
    appVersion,
    metadata: metadata ? JSON.stringify(metadata) : null,
    admits,
    isVersionEntitled: false,
  };
  const result = await runShared(ctx, admitMachines, request, async ({ isLast, isAlone }) => {
    // Most requests succeed, so the license is read only when one did not.
    const { license, activation } = await load(ctx);
    const app = await findAppVersion(ctx, license, appVersion);
    requireValid(license, { day, app });
    // A license on which the version decides is activated in the second attempt.
    const isUndecided = app !== undefined && !request.isVersionEntitled;
    request.isVersionEntitled = true;
    if (isUndecided && !isLast) return;
    // It was activated by another request, or was locked by one.
    if (activation?.isActive && !isLast) return;
    if (admits === "lapsed" && !activation?.lapsed) {
      if (isPlaceholder(machine)) refusePlaceholder(machine.field ?? "hardwareHash");
      else if (!activation?.isActive) refuse("ACTIVATION_INACTIVE");
    }
    const admission = { isNew: activation === null, isAlone };
    if (await requireAdmission(ctx, { licenseId: license.id, hardwareId }, admission) && !isLast) return;
    // A license that changes faster than it can be read counts as full.
    const activationsInUse = isLast
      ? Math.max(license.activationsInUse, activationCapacity(license))
      : license.activationsInUse;
    requireValid(license, { day, app, activationsInUse });
  });
  noteSubject(ctx, result.activation.licenseId, result.activation.id);
  // That of an activated machine may be cached.
  if (metadata && !result.isNew) forgetLicense(ctx, result.activation.licenseId);
  return result;
}

function isPlaceholder({ hardwareId, hasOnlyPlaceholders }: Machine): boolean {
  return hasOnlyPlaceholders || isPlaceholderFingerprint(hardwareId);
}
