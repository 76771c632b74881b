// The sentence below a customer's name.
import { describeDeletion } from "../../features/deletion/DeleteOrRestore.tsx";
import { formatCount, formatNumber } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";

/**
 * "2 of 3 licenses active · 1 expires within 30 days · 4 devices"
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
  if (stats.totalLicenses === 0) return "No licenses yet";
  const { totalLicenses: all, activeLicenses: active, totalActivations: machines } = stats;
  const licenses = active === all && all === 1
    ? "1 active license"
    : active === all
    ? `${formatNumber(all)} active licenses`
    : `${formatNumber(active)} of ${formatCount(all, "license")} active`;
  return [
    licenses,
    expiring ? `${formatNumber(expiring)} ${expiring === 1 ? "expires" : "expire"} within 30 days` : null,
    machines > 0 ? formatCount(machines, "device") : "no devices yet",
  ].filter(Boolean).join(" · ");
}
