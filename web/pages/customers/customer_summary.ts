// The sentence below a customer's name.
import { describeDeletion } from "../../features/deletion/DeleteOrRestore.tsx";
import { formatCount, formatNumber } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";

/**
 * "2 of 3 licenses active, 1 ends within 30 days, used on 4 machines."
 *
 * @param expiring active licenses that expire within 30 days
 */
export function describeCustomer(
  { deletedAt }: { deletedAt: string | null },
  stats: Outputs["customers"]["stats"] | undefined,
  expiring: number | undefined,
): string | undefined {
  if (deletedAt) return describeDeletion(deletedAt);
  if (!stats) return undefined;
  if (stats.totalLicenses === 0) return "No licenses yet.";
  const { totalLicenses: all, activeLicenses: active, totalActivations: machines } = stats;
  const licenses = active === all && all === 1
    ? "One license, active"
    : active === all
    ? `${formatNumber(all)} licenses, all active`
    : `${formatNumber(active)} of ${formatCount(all, "license")} active`;
  return [
    licenses,
    expiring ? `${formatNumber(expiring)} ${expiring === 1 ? "ends" : "end"} within 30 days` : null,
    machines > 0 ? `used on ${formatCount(machines, "machine")}` : "used on no machine yet",
  ].filter(Boolean).join(", ") + ".";
}
