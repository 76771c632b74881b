// Validation codes and checks in words.
import { formatDay, formatDaysUntil, formatNumber } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";

export type CheckResult = Outputs["licenses"]["explain"];
export type Check = CheckResult["checks"][number];

/** The codes that an app receives. */
const codeLabels: Record<string, string> = {
  VALID: "Allowed",
  LICENSE_INACTIVE: "Refused: the license is disabled",
  LICENSE_NOT_YET_VALID: "Refused: the license has not begun",
  LICENSE_EXPIRED: "Refused: the license has expired",
  NOT_ACTIVATED: "Refused: the machine is not activated",
  ACTIVATION_INACTIVE: "Refused: the machine was deactivated",
  ACTIVATION_LIMIT_REACHED: "Refused: no activation is free",
};

export function describeCode(code: string): string {
  return codeLabels[code] ?? code;
}

/** The result of a check. */
export function describeCheck({ name, passed, actual, limit }: Check): string {
  switch (name) {
    case "not_deleted":
      return passed ? "The license is not deleted" : "The license is deleted";
    case "enabled":
      return passed ? "The license is enabled" : "The license is disabled";
    case "started":
      return passed
        ? `It has begun, on ${formatDay(String(limit))}`
        : `It begins ${formatDaysUntil(String(limit))}, on ${formatDay(String(limit))}`;
    case "not_expired":
      if (limit === null) return "It never expires";
      return passed
        ? `It ends ${formatDaysUntil(String(limit))}, on ${formatDay(String(limit))}`
        : `It ended ${formatDaysUntil(String(limit))}, on ${formatDay(String(limit))}`;
    case "activated":
      if (passed) return "The machine is activated";
      return actual === "inactive" ? "The machine was deactivated" : "The machine is not activated yet";
    case "activation_limit":
      return `${formatNumber(Number(actual))} of ${formatNumber(Number(limit))} activations are in use`;
    case "seat_limit":
      return `${formatNumber(Number(actual))} of ${formatNumber(Number(limit))} concurrent users are running`;
  }
}

/** Checks of the license itself: when one fails, every machine is refused. */
export const licenseChecks = new Set<Check["name"]>(["not_deleted", "enabled", "started", "not_expired"]);
