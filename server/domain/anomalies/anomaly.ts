// An anomaly: a pattern in the use of a license that is rare in honest use. An administrator resolves it with a note.

export const anomalyKinds = [
  "unusual_activation_pattern",
  "excessive_heartbeats",
  "license_hopping",
  "license_cloned",
] as const;

export type AnomalyKind = typeof anomalyKinds[number];

/** Critical is twice the threshold or more. */
export type AnomalySeverity = "warning" | "critical";

/** A row of `anomalies`. */
export interface AnomalyRow {
  id: number;
  kind: AnomalyKind;
  subject: string;
  licenseId: number | null;
  customerId: number | null;
  activationId: number | null;
  facts: Record<string, unknown>;
  /** The setting that the number in the facts reached or exceeded; null when it is not known. */
  threshold: number | null;
  severity: AnomalySeverity;
  foundAt: Date;
  lastSeenAt: Date;
  resolvedAt: Date | null;
  resolvedBy: string | null;
  note: string | null;
}

/** A detected pattern. */
export interface DetectedAnomaly {
  kind: AnomalyKind;
  subject: string;
  licenseId: number | null;
  customerId: number | null;
  activationId: number | null;
  /** What was counted, by its name. */
  facts: Record<string, number>;
  threshold: number;
  /** When the pattern was complete. */
  at: Date;
}

export function severityOf(
  { facts, threshold }: Pick<DetectedAnomaly, "facts" | "threshold">,
): AnomalySeverity {
  return Object.values(facts).some((count) => count >= 2 * threshold) ? "critical" : "warning";
}
