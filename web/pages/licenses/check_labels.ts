// Validation codes and checks in words.
import { type CalendarDay, isBefore } from "../../../server/domain/calendar.ts";
import { formatDay, formatDaysUntil, formatNumber } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import type { License } from "./license_actions.ts";

export type CheckResult = Outputs["licenses"]["explain"];
export type Check = CheckResult["checks"][number];

/**
 * The result of a check.
 *
 * @param license for what is scheduled, and what it waits for; without it only the result is described
 */
export function describeCheck(
  { name, passed, actual, limit, sentence }: Check,
  license?: Pick<License, "startsWith" | "disabledReason" | "disableAt" | "enableAt">,
): string {
  switch (name) {
    case "not_deleted":
      return passed ? "License is not deleted" : "License is deleted";
    case "enabled":
      if (license?.disableAt || license?.enableAt || license?.disabledReason) return sentence;
      return passed ? "License is enabled" : "License is disabled";
    case "started":
      return passed
        ? `Started ${formatDay(String(limit))}`
        : `Starts ${formatDaysUntil(String(limit))} (${formatDay(String(limit))})`;
    case "not_expired":
      if (license?.startsWith) return sentence;
      if (limit === null) return "Never expires";
      // An expired license may be valid by its terms.
      return passed && !isBefore(limit as CalendarDay, actual as CalendarDay)
        ? `Expires ${formatDaysUntil(String(limit))} (${formatDay(String(limit))})`
        : `Expired ${formatDaysUntil(String(limit))} (${formatDay(String(limit))})`;
    case "version_covered":
      return `${passed ? "Covers" : "Does not cover"} ${actual ?? "an unknown version"}: ${limit}`;
    case "updates_included":
      return `${passed ? "" : "Version is not included: "}Updates until ${formatDay(String(limit))}`;
    case "activated":
      if (passed) return "Device is activated";
      if (actual === "lapsed") return "Device was not heard of for its lease";
      return actual === "inactive" ? "Device was deactivated" : "Device not activated yet";
    case "activation_limit":
      return limit === null
        ? `${formatNumber(Number(actual))} activations used, any number is admitted`
        : `${formatNumber(Number(actual))} of ${formatNumber(Number(limit))} activations used`;
    case "seat_limit":
      return passed && Number(actual) >= Number(limit)
        ? sentence
        : `${formatNumber(Number(actual))} of ${formatNumber(Number(limit))} concurrent users`;
    default:
      return sentence;
  }
}

/** Checks of the license itself: when one fails, every device is rejected. */
export const licenseChecks = new Set<Check["name"]>([
  "not_deleted",
  "enabled",
  "started",
  "not_expired",
  "version_covered",
  "updates_included",
]);
