// Names, states and progress of jobs.
import type { Tone } from "../../ui/Badge.tsx";
import { formatCount, formatNumber } from "../../lib/format.ts";
import type { RowError } from "../imports/RowErrorTable.tsx";
import type { Outputs } from "../../lib/trpc.ts";

export type Job = Outputs["jobs"]["get"];

export const jobKinds = [
  ["issue_licenses", "Create licenses"],
  ["apply_plan_terms", "Apply a plan's terms"],
  ["import_leads", "Import leads"],
  ["import_customers", "Import customers"],
  ["import_licenses", "Import licenses"],
  ["import_devices", "Import devices"],
] as const;

export const jobStates = [
  ["waiting", "Queued"],
  ["running", "Running"],
  ["done", "Completed"],
  ["failed", "Failed"],
  ["cancelled", "Cancelled"],
] as const;

const tones: Record<string, Tone> = {
  waiting: "off",
  running: "info",
  done: "good",
  failed: "bad",
  cancelled: "off",
};

export function jobStateBadge(state: string): { title: string; tone: Tone } {
  return {
    title: jobStates.find(([known]) => known === state)?.[1] ?? state,
    tone: tones[state] ?? "off",
  };
}

/** "Issue 500 licenses", "Import leads". */
export function jobTitle({ kind, input }: Pick<Job, "input"> & { kind: string }): string {
  if (kind === "issue_licenses") return `Create ${formatCount(Number(input.count), "license")}`;
  if (kind === "apply_plan_terms") {
    return input.dryRun ? "Preview a plan's terms" : "Apply a plan's terms";
  }
  if (kind === "import_leads") return input.dryRun ? "Validate a lead import" : "Import leads";
  if (kind === "import_customers") return input.dryRun ? "Validate a customer import" : "Import customers";
  if (kind === "import_licenses") return input.dryRun ? "Validate a license import" : "Import licenses";
  if (kind === "import_devices") return input.dryRun ? "Validate a device import" : "Import devices";
  return kind;
}

export function isFinished({ state }: Pick<Job, "state">): boolean {
  return state !== "waiting" && state !== "running";
}

/** "1,500 of 4,000", or "1,500" while the total is unknown. */
export function formatProgress({ done, total }: Pick<Job, "done" | "total">): string {
  return total === null ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`;
}

/** The report of an import; null for other jobs. */
export function reportOf(
  { kind, result }: Job,
): { rows: number; imported: number; skipped: number; failed: number; errors: RowError[] } | null {
  if (!kind.startsWith("import_") || result === null) return null;
  const { rows, imported, skipped, failed, errors } = result as Record<string, unknown>;
  return {
    rows: Number(rows),
    imported: Number(imported),
    skipped: Number(skipped),
    failed: Number(failed),
    errors: (errors ?? []) as RowError[],
  };
}
