// Decides whether a license may be used: every check with its result, in the order in which denials are reported.
import type { CalendarDay } from "../calendar.ts";
import { activationCapacity } from "./capacity.ts";
import { licenseChecks, type LicenseDenialCode } from "./checks.ts";
import type { LicenseTerms } from "./terms.ts";

/** Why a machine cannot use a license that could be used. */
export type MachineDenialCode = "NOT_ACTIVATED" | "ACTIVATION_INACTIVE";
export type DenialCode =
  | LicenseDenialCode
  | MachineDenialCode
  | "ACTIVATION_LIMIT_REACHED"
  | "SESSION_LIMIT_REACHED";

/** What the terms are evaluated against. A check whose fact is absent is skipped. */
export interface Circumstances {
  /** Today in UTC. */
  day: CalendarDay;
  /** The machine's activation; null when it was never activated. */
  activation?: { isActive: boolean } | null;
  /** Active activations. A machine that has one of them needs no other. */
  activationsInUse?: number;
  /** Seats in use before the one that is wanted. */
  seatsInUse?: number;
  /** Those who wait for a seat before the caller, for whom free ones are kept. */
  waiting?: number;
}

export interface CheckResult {
  name: (typeof licenseChecks)[number]["name"] | "activated" | "activation_limit" | "seat_limit";
  passed: boolean;
  /** The denial if the check fails. */
  code: DenialCode;
  /** The values that were compared; null where there are none. */
  actual: number | string | null;
  limit: number | string | null;
}

export interface Evaluation<Code extends DenialCode = DenialCode> {
  /** The first denial. */
  code: "VALID" | Code;
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
    actual: ({ activation }) => activation ? (activation.isActive ? "active" : "inactive") : "unknown",
    limit: () => null,
  },
  {
    name: "activation_limit",
    isMade: ({ activationsInUse }) => activationsInUse !== undefined,
    passes: (terms, circumstances) =>
      isActivated(circumstances) || circumstances.activationsInUse! < activationCapacity(terms),
    code: () => "ACTIVATION_LIMIT_REACHED",
    actual: ({ activationsInUse }) => activationsInUse!,
    limit: (terms) => terms.machineOverage === null ? null : activationCapacity(terms),
  },
  {
    name: "seat_limit",
    isMade: ({ seatsInUse }) => seatsInUse !== undefined,
    passes: ({ maxUsers }, { seatsInUse, waiting = 0 }) => seatsInUse! + waiting < maxUsers,
    code: () => "SESSION_LIMIT_REACHED",
    actual: ({ seatsInUse }) => seatsInUse!,
    limit: ({ maxUsers }) => maxUsers,
  },
];

/** Every check, in the order in which they are made. */
export const checkNames = [...licenseChecks, ...circumstanceChecks].map(({ name }) => name);

/** The first denial, as `evaluate` reports it, without the results of all checks; null: the terms allow it. */
export function denialOf(
  terms: LicenseTerms,
  circumstances: MachineCircumstances,
): LicenseDenialCode | MachineDenialCode | null;
export function denialOf(terms: LicenseTerms, circumstances: Circumstances): DenialCode | null;
export function denialOf(terms: LicenseTerms, circumstances: Circumstances): DenialCode | null {
  for (const { passes, code } of licenseChecks) if (!passes(terms, circumstances.day)) return code;
  for (const { isMade, passes, code } of circumstanceChecks) {
    if (isMade(circumstances) && !passes(terms, circumstances)) return code(circumstances);
  }
  return null;
}

type MachineCircumstances =
  & Pick<Circumstances, "day" | "activation">
  & { activationsInUse?: never; seatsInUse?: never };

/** Evaluates the terms of a license: makes every check, failed or not, for which there are facts. */
export function evaluate(
  terms: LicenseTerms,
  circumstances: MachineCircumstances,
): Evaluation<LicenseDenialCode | MachineDenialCode>;
export function evaluate(terms: LicenseTerms, circumstances: Circumstances): Evaluation;
export function evaluate(terms: LicenseTerms, circumstances: Circumstances): Evaluation {
  const { day } = circumstances;
  const checks = licenseChecks.map(({ name, code, passes, limit }): CheckResult => ({
    name,
    passed: passes(terms, day),
    code,
    actual: limit ? day : null,
    limit: limit?.(terms) ?? null,
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
  return { code: denialOf(terms, circumstances) ?? "VALID", checks };
}
