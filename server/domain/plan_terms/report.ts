// What the terms of a plan do to its licenses: how many change, and which machines that are allowed now are refused then.
// Each license and machine is evaluated by the policy with its terms before and after.
import { isDeepStrictEqual } from "node:util";
import type { ActivationRow } from "../activations/activation.ts";
import type { CalendarDay } from "../calendar.ts";
import type { LicenseRow } from "../licenses/license.ts";
import { contradictions } from "../policy/contradictions.ts";
import { type DenialCode, denialOf } from "../policy/evaluate.ts";
import type { Terms } from "../policy/inputs.ts";
import { updatesEnd } from "../policy/updates.ts";
import { appVersionOf } from "../releases/app_version.ts";
import type { PublishedReleases } from "../releases/published.ts";
import type { PlanTermsJob } from "./inputs.ts";

/** A license with the terms that can be applied, and its active machines. */
export type ExaminedLicense = LicenseRow & {
  machines: Pick<ActivationRow, "id" | "isActive" | "appVersion">[];
};

/** The values of terms, by their names. */
export type TermValues = Partial<Record<keyof Terms | "updatesUntil", unknown>>;

/** A license that changes. */
export interface TermsChange {
  id: number;
  before: TermValues;
  after: TermValues;
}

/** Something that would be refused. */
export interface RefusedSample {
  licenseId: number;
  /** The machine; null: the license, whatever the machine. */
  activationId: number | null;
}

export interface TermCounts {
  /** Licenses that get the plan's value. */
  changed: number;
  /** Licenses with a value that the plan never had. They change when they are overwritten, and only then. */
  overridden: number;
}

export interface PlanTermsReport {
  /** Licenses of the plan that were examined. */
  licenses: number;
  /** Licenses that change. */
  changed: number;
  /** Licenses that stay as they are, because the plan's values would contradict their own ones. */
  contradicting: number;
  /** Each term that differs anywhere. */
  terms: Partial<Record<keyof Terms, TermCounts>>;
  /** What is allowed before and refused after. */
  refused: { code: DenialCode; licenses: number; machines: number; samples: RefusedSample[] }[];
  /** Licenses that admit one more machine before, and none after. Active machines stay. */
  full: number;
}

/** Samples for each code. */
const MAX_SAMPLES = 10;

export function emptyReport(): PlanTermsReport {
  return { licenses: 0, changed: 0, contradicting: 0, terms: {}, refused: [], full: 0 };
}

/**
 * Adds a license to the report; returns its change, null when it has none.
 *
 * @param circumstances.releases those of its product, for the versions that its machines reported last
 */
export function examine(
  report: PlanTermsReport,
  license: ExaminedLicense,
  { values, earlier, overwrite }: Pick<PlanTermsJob, "values" | "earlier" | "overwrite">,
  circumstances: { day: CalendarDay; releases: PublishedReleases },
): TermsChange | null {
  const change: TermsChange = { id: license.id, before: {}, after: {} };
  report.licenses++;
  for (const [name, value] of Object.entries(values) as [keyof Terms, unknown][]) {
    const own = license[name];
    if (isDeepStrictEqual(own, value)) continue;
    const isOverridden = !(earlier[name] ?? []).some((known) => isDeepStrictEqual(own, known));
    if (isOverridden) countsOf(report, name).overridden++;
    if (isOverridden && !overwrite) continue;
    change.before[name] = own;
    change.after[name] = value;
  }
  const names = Object.keys(change.after) as (keyof Terms)[];
  if (names.length === 0) return null;
  const changed = { ...license, ...change.after as Partial<Terms> };
  if (change.after.updates !== undefined) {
    changed.updatesUntil = updatesEnd(license.validFrom, changed.updates);
    change.before.updatesUntil = license.updatesUntil;
    change.after.updatesUntil = changed.updatesUntil;
  }
  if (contradictions.some(({ holds }) => holds({ ...changed, licenseType: license.type }))) {
    report.contradicting++;
    return null;
  }
  report.changed++;
  for (const name of names) countsOf(report, name).changed++;
  evaluateChange(report, license, changed, circumstances);
  return change;
}

function evaluateChange(
  report: PlanTermsReport,
  before: ExaminedLicense,
  after: ExaminedLicense,
  { day, releases }: { day: CalendarDay; releases: PublishedReleases },
): void {
  const refusedCodes = new Set<DenialCode>();
  const note = (code: DenialCode | null, activationId: number | null) => {
    if (code === null) return;
    const refused = refusalsOf(report, code);
    if (activationId !== null) refused.machines++;
    if (!refusedCodes.has(code)) refused.licenses++;
    refusedCodes.add(code);
    if (refused.samples.length < MAX_SAMPLES) refused.samples.push({ licenseId: before.id, activationId });
  };
  const newDenial = (circumstances: Parameters<typeof denialOf>[1]) =>
    denialOf(before, circumstances) === null ? denialOf(after, circumstances) : null;
  for (const activation of before.machines) {
    const app = appVersionOf(releases, activation.appVersion);
    note(newDenial({ day, app, activation }), activation.id);
  }
  if (before.machines.length === 0) note(newDenial({ day }), null);
  const { activationsInUse } = before;
  if (newDenial({ day, activationsInUse }) === "ACTIVATION_LIMIT_REACHED") report.full++;
}

function countsOf({ terms }: PlanTermsReport, name: keyof Terms): TermCounts {
  return terms[name] ??= { changed: 0, overridden: 0 };
}

function refusalsOf({ refused }: PlanTermsReport, code: DenialCode) {
  return refused.find((refusal) => refusal.code === code) ??
    refused[refused.push({ code, licenses: 0, machines: 0, samples: [] }) - 1];
}
