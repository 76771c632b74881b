// Decides whether a license may be used: every check with its result, in the order in which denials are reported.
import type { CalendarDay } from "../calendar.ts";
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

/** Evaluates the terms of a license: makes every check, failed or not, for which there are facts. */
export function evaluate(
  terms: LicenseTerms,
  circumstances: Pick<Circumstances, "day" | "activation"> & { activationsInUse?: never; seatsInUse?: never },
): Evaluation<LicenseDenialCode | MachineDenialCode>;
export function evaluate(terms: LicenseTerms, circumstances: Circumstances): Evaluation;
export function evaluate(terms: LicenseTerms, circumstances: Circumstances): Evaluation {
  const { day, activation, activationsInUse, seatsInUse } = circumstances;
  const checks = licenseChecks.map(({ name, code, passes, limit }): CheckResult => ({
    name,
    passed: passes(terms, day),
    code,
    actual: limit ? day : null,
    limit: limit?.(terms) ?? null,
  }));
  const isActivated = activation?.isActive ?? false;
  if (activation !== undefined) {
    checks.push({
      name: "activated",
      passed: isActivated,
      code: activation ? "ACTIVATION_INACTIVE" : "NOT_ACTIVATED",
      actual: activation ? (isActivated ? "active" : "inactive") : "unknown",
      limit: null,
    });
  }
  if (activationsInUse !== undefined) {
    checks.push({
      name: "activation_limit",
      passed: isActivated || activationsInUse < terms.maxActivations,
      code: "ACTIVATION_LIMIT_REACHED",
      actual: activationsInUse,
      limit: terms.maxActivations,
    });
  }
  if (seatsInUse !== undefined) {
    checks.push({
      name: "seat_limit",
      passed: seatsInUse < terms.maxUsers,
      code: "SESSION_LIMIT_REACHED",
      actual: seatsInUse,
      limit: terms.maxUsers,
    });
  }
  return { code: checks.find(({ passed }) => !passed)?.code ?? "VALID", checks };
}
