// Names and descriptions of anomalies.
import { formatCount, formatNumber, formatWord } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";

export type Anomaly = Outputs["anomalies"]["list"]["rows"][number];

export type AnomalyDetails = Outputs["anomalies"]["get"];

export const anomalyKinds = [
  ["unusual_activation_pattern", "Activation spike"],
  ["license_hopping", "One device, many licenses"],
  ["excessive_heartbeats", "Excessive heartbeats"],
  ["license_cloned", "Copied license file"],
] as const satisfies (readonly [Anomaly["kind"], string])[];

/** The kind in words; a device that is swapped is of the same kind as one that is on many licenses. */
export function anomalyTitle({ kind, facts }: Pick<Anomaly, "facts"> & { kind: string }): string {
  if ("machineChangesWithinADay" in facts || "alternationsWithinADay" in facts) return "Device swapping";
  return anomalyKinds.find(([known]) => known === kind)?.[1] ?? formatWord(kind);
}

const descriptions: Record<string, (count: number) => string> = {
  machinesWithinAnHour: (count) => `${formatCount(count, "new device")} within an hour`,
  networksWithinADay: (count) => `Devices from ${formatCount(count, "network")} within a day`,
  machineChangesWithinADay: (count) => `${formatCount(count, "device swap")} within a day`,
  alternationsWithinADay: (count) =>
    `Two devices in turn on one activation, ${formatCount(count, "swap")} within a day`,
  licensesWithinADay: (count) => `One device on ${formatCount(count, "license")} within a day`,
  copiesWithinADay: (count) => `A copied license file was shown, in ${formatCount(count, "hour")} of a day`,
  refusedWithinTenMinutes: (count) => `${formatCount(count, "heartbeat")} rejected within 10 minutes`,
};

/** What was detected, with its numbers: "4 new devices within an hour". */
export function describeAnomaly({ facts }: Pick<Anomaly, "facts">): string {
  return Object.entries(facts).map(([name, value]) =>
    descriptions[name]?.(Number(value)) ??
      `${formatWord(name)}: ${typeof value === "number" ? formatNumber(value) : String(value)}`
  ).join(", ");
}

/** The same with the threshold: "6 new devices within an hour (threshold: 5)". */
export function describeLimit(anomaly: Pick<Anomaly, "facts" | "threshold">): string {
  const { threshold } = anomaly;
  return threshold === null
    ? describeAnomaly(anomaly)
    : `${describeAnomaly(anomaly)} (threshold: ${formatNumber(threshold)})`;
}
