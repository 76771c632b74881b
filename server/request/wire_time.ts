// The wire format of instants: ISO 8601 in UTC, to the second.

/** "2025-06-19T10:30:00Z" */
export function wireTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}
