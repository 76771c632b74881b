// A customer in one sentence.
import { RESTORABLE_FOR } from "../../../server/domain/list_inputs.ts";
import { formatAgo, formatCount, formatInstant, formatNumber } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";

const DAY = 86_400_000;

/** The calendar day in so many days. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
}

/** Until when what was deleted can be restored. */
export function restorableUntil(deletedAt: string | Date): Date {
  return new Date(new Date(deletedAt).getTime() + RESTORABLE_FOR * DAY);
}

/**
 * How things stand with a customer.
 *
 * @param ending active licenses that end within 30 days
 */
export function stateOf(
  { deletedAt }: { deletedAt: string | Date | null },
  stats: Outputs["customers"]["stats"] | undefined,
  ending: number | undefined,
): string | undefined {
  if (deletedAt) {
    const until = restorableUntil(deletedAt);
    return `Deleted ${formatAgo(deletedAt)}; ${
      until > new Date() ? `can be restored until ${formatInstant(until)}.` : "too long ago to be restored."
    }`;
  }
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
    ending ? `${formatNumber(ending)} ${ending === 1 ? "ends" : "end"} within 30 days` : null,
    machines > 0 ? `used on ${formatCount(machines, "machine")}` : "used on no machine yet",
  ].filter(Boolean).join(", ") + ".";
}
