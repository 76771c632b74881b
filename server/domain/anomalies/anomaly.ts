// An anomaly: a pattern in the use of a license that is rare in honest use. An administrator resolves it with a note.

export const anomalyKinds = [
  "unusual_activation_pattern",
  "excessive_heartbeats",
  "license_hopping",
] as const;

export type AnomalyKind = typeof anomalyKinds[number];

/** A row of `anomalies`. */
export interface AnomalyRow {
  id: number;
  kind: AnomalyKind;
  subject: string;
  licenseId: number | null;
  customerId: number | null;
  activationId: number | null;
  facts: Record<string, unknown>;
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
  facts: Record<string, string | number>;
  /** When the pattern was complete. */
  at: Date;
}
