// A check of the doctor: what it looked at, what it found, and what to do next.

export type Result = "ok" | "warning" | "failure";

export interface Finding {
  /** What was looked at: "redis persistence". */
  check: string;
  result: Result;
  /** What was found, in a sentence. */
  found: string;
  /** What to do; null when nothing has to be done. */
  next: string | null;
}

export const ok = (check: string, found: string): Finding => ({ check, result: "ok", found, next: null });
export const warning = (check: string, found: string, next: string): Finding => ({
  check,
  result: "warning",
  found,
  next,
});
export const failure = (check: string, found: string, next: string): Finding => ({
  check,
  result: "failure",
  found,
  next,
});

/** The message of anything thrown, with its cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return `${error.message || code}${cause}`;
}

/** Runs a check; what it throws is a failure. */
export async function attempt(
  check: string,
  next: string,
  work: () => Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  try {
    return [await work()].flat();
  } catch (error) {
    return [failure(check, messageOf(error), next)];
  }
}
