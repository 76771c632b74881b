// Why a license is or is not usable on a machine: the policy's checks with their values, and what would change the answer.
import { type CalendarDay, dayOf } from "../calendar.ts";
import { requireRole } from "../authorization.ts";
import type { Components } from "../activations/components.ts";
import { isPlaceholderFingerprint } from "../activations/fingerprints.ts";
import type { Context } from "../context.ts";
import { hasKey, refuseUnknownKey, requireKey } from "../licenses/key.ts";
import { listCurrentMeters } from "../meters/usage.ts";
import { checkAdmission, replacesIdle } from "../policy/admission.ts";
import { activationCapacity } from "../policy/capacity.ts";
import { type CheckResult, evaluate, isValid, type ValidCode } from "../policy/evaluate.ts";
import type { ExplainedDevice, ExplainedFacts, Remedy } from "../policy/explained.ts";
import { describeCheck, remediesOf } from "../policy/explanations.ts";
import { findAppVersion } from "../releases/app_version.ts";
import {
  findRecognised,
  listIdleDevices,
  readAdmissionFacts,
  readExplainedState,
} from "./explained_state.ts";

type Code = ValidCode | CheckResult["code"];

export interface ExplainedCheck extends CheckResult {
  /** What the check found. */
  sentence: string;
  /** What would make it pass; nothing when it does. */
  remedies: Remedy[];
}

export interface Explanation {
  licenseId: number;
  /** The machine; null: one that was never activated. */
  hardwareHash: string | null;
  /** The day in UTC that is explained. */
  on: CalendarDay;
  /** The code that a verification returns on that day. */
  verify: Code;
  /** The code that an activation returns. */
  activate: Code;
  /** The code that the start of a session returns. */
  session: Code;
  /** The idle device whose activation this one takes, as the license is full; null: none. */
  replaces: ExplainedDevice | null;
  /** The checks of all of them, in order. */
  checks: ExplainedCheck[];
}

export interface ExplanationInput {
  licenseId: number;
  hardwareId: string | null;
  /** By default today. */
  on?: CalendarDay;
  /** The version of the app; by default the one that the machine reported last. */
  appVersion?: string;
  /** The components of the device, where its fingerprint may be a new one. */
  components?: Components | null;
}

/**
 * Evaluates a license on a machine, which may be unknown. What is in use is that of now, also for another day.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function explainValidation(
  ctx: Context,
  { licenseId, hardwareId, on: day = dayOf(ctx.now), appVersion, components }: ExplanationInput,
): Promise<Explanation> {
  requireRole(ctx, "viewer");
  let state = await readExplainedState(ctx, licenseId, hardwareId);
  // A device with a placeholder is not compared.
  const isUnknown = hardwareId !== null && state.activation === null && !isPlaceholderFingerprint(hardwareId);
  const { compared, hardwareId: recognised } = isUnknown && components
    ? await findRecognised(ctx, state.license, components)
    : { compared: undefined, hardwareId: null };
  if (recognised !== null) state = await readExplainedState(ctx, licenseId, recognised);
  const { license, seatsInUse, seats } = state;
  const known = state.activation;
  // Only an activation does so with a deactivated one.
  const activation = recognised !== null && !known?.isActive ? null : known;
  const { activationsInUse, machineLease } = license;
  const app = await findAppVersion(ctx, license, appVersion ?? activation?.appVersion ?? null);
  const isActive = activation?.isActive ?? false;
  const { facts: admissionFacts, roomForNewAt } = await readAdmissionFacts(ctx, license, {
    hardwareId: recognised ?? hardwareId,
    isKnown: known !== null,
  });
  // A placeholder that was active before may be so again.
  const isPlaceholder = admissionFacts.isPlaceholder && !activation?.hasLapsed;
  const admission = checkAdmission(
    license,
    isActive ? { components: compared } : {
      ...admissionFacts,
      isPlaceholder,
      components: compared,
    },
  );
  const capacity = activationCapacity(license);
  const idleDevices = !isActive && activationsInUse >= capacity ? await listIdleDevices(ctx, licenseId) : [];
  const used = {
    activationsInUse,
    replacesIdle: replacesIdle(license, {
      activationsInUse,
      capacity,
      lastHeartbeat: idleDevices[0]?.lastHeartbeat ?? null,
    }, ctx.now),
  };
  const denied = admission.find(({ name, passed }) => name !== "components_match" && !passed);
  const usable = evaluate(license, { day, app }).code;
  const activate = isActive || !isValid(usable)
    ? usable
    : denied?.code ?? evaluate(license, { day, app, ...used }).code;
  const session = { seatsInUse, waiting: seats.waiting, hasSeat: seats.hasSeat };
  const meters = await listCurrentMeters(ctx, licenseId);
  const { checks: evaluated } = evaluate(license, { day, app, activation, ...used, ...session });
  const limitAt = evaluated.findIndex(({ name }) => name === "activation_limit");
  const matching = admission.filter(({ name }) => name === "components_match");
  const checks: CheckResult[] = [
    ...evaluated.slice(0, limitAt - 1),
    ...matching,
    evaluated[limitAt - 1],
    ...admission.filter((check) => !matching.includes(check)),
    ...evaluated.slice(limitAt),
    ...meters.map(({ meter, used, reserved, limit, most, overage }): CheckResult => ({
      name: "meter_limit",
      meter,
      passed: used + reserved < most,
      code: "USAGE_LIMIT_REACHED",
      actual: used + reserved,
      limit: overage === null ? null : overage > 0 ? most : limit,
    })),
  ];
  const facts: ExplainedFacts = {
    license,
    day,
    mayActivate: isValid(activate),
    lease: activation && machineLease && activation.leaseEnds !== null
      ? {
        length: machineLease,
        lastHeartbeat: new Date(activation.lastHeartbeat),
        ends: new Date(activation.leaseEnds),
      }
      : null,
    idleDevices,
    roomForNewAt,
    recognisedAs: recognised === null ? null : known!.machineName ?? recognised,
    seats,
    meters,
  };
  return {
    licenseId,
    hardwareHash: hardwareId,
    on: day,
    // A device that lapsed is activated again by its verification.
    verify: activation?.hasLapsed && isValid(activate)
      ? activate
      : evaluate(license, { day, app, activation }).code,
    activate,
    session: evaluate(license, { day, app, activation, ...session }).code,
    replaces: used.replacesIdle && isValid(activate) ? idleDevices[0] : null,
    checks: checks.map((check) => ({
      ...check,
      sentence: describeCheck(check, facts),
      remedies: remediesOf(check, facts),
    })),
  };
}

/**
 * Evaluates the license of a key, deleted or not.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export async function explainValidationByKey(
  ctx: Context,
  { licenseKey, ...input }: Omit<ExplanationInput, "licenseId"> & { licenseKey: string },
): Promise<Explanation> {
  requireRole(ctx, "viewer");
  const key = requireKey(ctx, licenseKey);
  const [license] = await ctx.db<{ id: number }[]>`
    select l.id
    from licenses l
    where ${hasKey(ctx, ctx.db`l.key_digest`, key)}`;
  if (!license) refuseUnknownKey(key);
  return await explainValidation(ctx, { ...input, licenseId: license.id });
}
