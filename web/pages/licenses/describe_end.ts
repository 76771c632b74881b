// What applies after the last day of a license, in a sentence.
import { formatDay } from "../../lib/format.ts";
import type { License } from "./license_actions.ts";

/** "Works until 14 Feb 2026 (grace), then devices are rejected." */
export function describeEnd(
  license: Pick<License, "validUntil" | "graceEnds" | "afterExpiry" | "updatesUntil" | "startsWith">,
): string {
  const updates = license.updatesUntil && `Updates are included until ${formatDay(license.updatesUntil)}.`;
  if (license.startsWith) return "It has not started yet.";
  if (license.validUntil === null) return updates ?? "It never expires.";
  const rest = afterExpiry[license.afterExpiry];
  const end = license.graceEnds
    ? `It works until ${formatDay(license.graceEnds)} (grace period). Then ${rest}.`
    : `${rest[0].toUpperCase()}${rest.slice(1)}.`;
  return updates ? `${end} ${updates}` : end;
}

const afterExpiry = {
  refuse: "devices are rejected",
  entitled_versions: "versions continue to work that were released while updates were included",
  allow: "it continues to work",
} as const;
