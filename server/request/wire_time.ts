// How every dialect writes an instant.

/** "2025-06-19T10:30:00Z" */
export function wireTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}
