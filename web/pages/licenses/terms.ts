// The terms of a license, and those that a plan gives. The server computes the same defaults.
import type { Outputs } from "../../lib/trpc.ts";

export type Plan = Outputs["plans"]["list"]["rows"][number];
export type LicenseType = Plan["licenseType"];

export interface Terms {
  type: LicenseType;
  validFrom: string;
  /** The last valid day; null never expires. */
  validUntil: string | null;
  maxActivations: number | null;
  maxUsers: number | null;
}

/** Today in UTC, as licenses count days. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** A number of days after a day. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Adds an ISO 8601 duration. Where the target month is too short, the result is its last day. */
export function addDuration(day: string, duration: string): string {
  const [, number, unit] = duration.match(/^P(\d+)([DMY])$/)!;
  const count = Number(number);
  if (unit === "D") return dayAfter(day, count);
  const [year, month, date] = day.split("-").map(Number);
  const target = new Date(Date.UTC(year, month - 1 + (unit === "Y" ? 12 * count : count), 1));
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(date, last));
  return target.toISOString().slice(0, 10);
}

/**
 * The terms that a plan gives a license that starts on a day. Without a plan: one machine, one user, never expires.
 */
export function termsOf(plan: Plan | undefined, validFrom: string): Terms {
  if (!plan) return { type: "perpetual", validFrom, validUntil: null, maxActivations: 1, maxUsers: 1 };
  return {
    type: plan.licenseType,
    validFrom,
    // The last day is included: a month from the 1st ends on the last day of the month.
    validUntil: plan.duration === null || !validFrom
      ? null
      : dayAfter(addDuration(validFrom, plan.duration), -1),
    maxActivations: plan.maxActivations,
    maxUsers: plan.maxUsers,
  };
}
