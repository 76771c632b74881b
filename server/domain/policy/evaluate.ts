// Decides whether a license may be used: every check with its result, in the order in which denials are reported.
import type { CalendarDay } from "../calendar.ts";
import type { AppVersion } from "./app_version.ts";
import { activationCapacity } from "./capacity.ts";
import { licenseChecks, type LicenseDenialCode } from "./checks.ts";
import { stateOf } from "./expiry.ts";
import type { LicenseState, LicenseTerms } from "./terms.ts";

/** Why a machine cannot use a license that could be used. */
export type MachineDenialCode = "NOT_ACTIVATED" | "ACTIVATION_INACTIVE";
export type DenialCode =
  | LicenseDenialCode
  | MachineDenialCode
  | "ACTIVATION_LIMIT_REACHED"
  | "SESSION_LIMIT_REACHED";

/** The checks of a machine that is not activated, made in admission.ts, and why it is refused by them. */
export type AdmissionCheckName =
  | "components_match"
  | "fingerprint_accepted"
  | "activated_once"
  | "new_device_limit";
export type AdmissionDenialCode =
  | "INVALID_REQUEST"
  | "MACHINE_ALREADY_ACTIVATED"
  | "NEW_MACHINES_LIMIT_REACHED";

/** What the terms are evaluated against. A check whose fact is absent is skipped. */
export interface Circumstances {
  /** Today in UTC. */
  day: CalendarDay;
  /** What the app reports; absent: nothing. It is needed where `dependsOnVersion`. */
  app?: AppVersion;
  /** The machine's activation; null when it was never activated. */
  activation?: { isActive: boolean; hasLapsed?: boolean } | null;
  /** Active activations. A machine that has one of them needs no other. */
  activationsInUse?: number;
  /** Whether the machine takes the activation of an idle one where there is none left. */
  replacesIdle?: boolean;
  /** Seats in use before the one that is wanted. */
  seatsInUse?: number;
  /** Whether the caller has a seat already, which it gets again. */
  hasSeat?: boolean;
  /** Those who wait for a seat before the caller, for whom free ones are kept. */
  waiting?: number;
}

/** The code of a license that may be used: `GRACE_PERIOD` when its last day is over and its grace is not. */
export type ValidCode = "VALID" | "GRACE_PERIOD";

export interface CheckResult {
  name:
    | (typeof licenseChecks)[number]["name"]
    | "activated"
    | "activation_limit"
    | "seat_limit"
    | AdmissionCheckName
    | "meter_limit";
  passed: boolean;
  /** The denial if the check fails. */
  code: DenialCode | AdmissionDenialCode | "USAGE_LIMIT_REACHED";
  /** The values that were compared; null where there are none. */
  actual: number | string | null;
  limit: number | string | null;
  /** The meter that is checked; absent in other checks. */
  meter?: string;
}

export interface Evaluation<Code extends DenialCode = DenialCode> {
  /** The first denial, or whether the license is valid by its grace only. */
  code: ValidCode | Code;
  checks: CheckResult[];
}

/** A check of a machine or a seat, made where its fact is known. */
interface CircumstanceCheck {
  name: CheckResult["name"];
  isMade(circumstances: Circumstances): boolean;
  passes(terms: LicenseTerms, circumstances: Circumstances): boolean;
  code(circumstances: Circumstances): DenialCode;
  actual(circumstances: Circumstances): number | string;
  limit(terms: LicenseTerms): number | null;
}

const isActivated = ({ activation }: Circumstances): boolean => activation?.isActive ?? false;

const circumstanceChecks: readonly CircumstanceCheck[] = [
  {
    name: "activated",
    isMade: ({ activation }) => activation !== undefined,
    passes: (_terms, circumstances) => isActivated(circumstances),
    code: ({ activation }) => activation ? "ACTIVATION_INACTIVE" : "NOT_ACTIVATED",
    actual: ({ activation }) => {
      if (!activation) return "unknown";
      return activation.isActive ? "active" : activation.hasLapsed ? "lapsed" : "inactive";
    },
    limit: () => null,
  },
  {
    name: "activation_limit",
    isMade: ({ activationsInUse }) => activationsInUse !== undefined,
    passes: (terms, circumstances) =>
      isActivated(circumstances) || circumstances.replacesIdle === true ||
      circumstances.activationsInUse! < activationCapacity(terms),
    code: () => "ACTIVATION_LIMIT_REACHED",
    actual: ({ activationsInUse }) => activationsInUse!,
    limit: (terms) => terms.machineOverage === null ? null : activationCapacity(terms),
  },
  {
    name: "seat_limit",
    isMade: ({ seatsInUse }) => seatsInUse !== undefined,
    passes: ({ maxUsers }, { seatsInUse, waiting = 0, hasSeat = false }) =>
      hasSeat || seatsInUse! + waiting < maxUsers,
    code: () => "SESSION_LIMIT_REACHED",
    actual: ({ seatsInUse }) => seatsInUse!,
    limit: ({ maxUsers }) => maxUsers,
  },
];

/** Every check of a license, a machine and a seat, in the order in which they are made. */
export const checkNames = [...licenseChecks, ...circumstanceChecks].map(({ name }) => name);

/** An app that reports no version. */
const unreported: AppVersion = { version: null, releasedOn: null };

/** The code of a license that may be used and is in that state. */
export function validCodeOf(state: LicenseState): ValidCode {
  return state === "in_grace" ? "GRACE_PERIOD" : "VALID";
}

/** Whether a code is that of a license that may be used. */
export function isValid(code: ValidCode | CheckResult["code"]): code is ValidCode {
  return code === "VALID" || code === "GRACE_PERIOD";
}

/** The first denial, as `evaluate` reports it, without the results of all checks; null: the terms allow it. */
export function denialOf(
  terms: LicenseTerms,
  circumstances: MachineCircumstances,
): LicenseDenialCode | MachineDenialCode | null;
export function denialOf(terms: LicenseTerms, circumstances: Circumstances): DenialCode | null;
export function denialOf(terms: LicenseTerms, circumstances: Circumstances): DenialCode | null {
  const { day, app = unreported } = circumstances;
  for (const { passes, code } of licenseChecks) if (!passes(terms, day, app)) return code;
  for (const { isMade, passes, code } of circumstanceChecks) {
    if (isMade(circumstances) && !passes(terms, circumstances)) return code(circumstances);
  }
  return null;
}

type MachineCircumstances =
  & Pick<Circumstances, "day" | "app" | "activation">
  & { activationsInUse?: never; seatsInUse?: never };

/** Evaluates the terms of a license: makes every check, failed or not, for which there are facts. */
export function evaluate(
  terms: LicenseTerms,
  circumstances: MachineCircumstances,
): Evaluation<LicenseDenialCode | MachineDenialCode>;
export function evaluate(terms: LicenseTerms, circumstances: Circumstances): Evaluation;
export function evaluate(terms: LicenseTerms, circumstances: Circumstances): Evaluation {
  const { day, app = unreported } = circumstances;
  const checks = licenseChecks
    .filter(({ isMade }) => isMade === undefined || isMade(terms, day))
    .map(({ name, code, passes, actual, limit }): CheckResult => ({
      name,
      passed: passes(terms, day, app),
      code,
      actual: actual ? actual(app) : limit ? day : null,
      limit: limit?.(terms, day) ?? null,
    }));
  for (const { name, isMade, passes, code, actual, limit } of circumstanceChecks) {
    if (!isMade(circumstances)) continue;
    checks.push({
      name,
      passed: passes(terms, circumstances),
      code: code(circumstances),
      actual: actual(circumstances),
      limit: limit(terms),
    });
  }
  return { code: denialOf(terms, circumstances) ?? validCodeOf(stateOf(terms, day)), checks };
}
