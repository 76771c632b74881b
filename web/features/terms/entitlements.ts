// How entitlements are written in a line.
import { emptyValue, formatNumber } from "../../lib/format.ts";

/** "api, exports: 50, edition: gold". */
export function describeEntitlements(entitlements: unknown): string {
  return Object.entries(entitlements as Record<string, unknown>)
    .map(([name, value]) => value === true ? name : `${name}: ${describeValue(value)}`)
    .join(", ") || emptyValue;
}

function describeValue(value: unknown): string {
  return typeof value === "number" ? formatNumber(value) : String(value);
}
