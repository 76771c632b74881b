// What the terms of a plan do to its licenses: how many change, and which machines that are allowed now are refused then.
// Each license and machine is evaluated by the policy with its terms before and after.
import { isDeepStrictEqual } from "node:util";
import { contradictions } from "../policy/contradictions.ts";
import type { Terms } from "../policy/inputs.ts";
import { changedUpdatesEnd } from "../policy/updates.ts";
import { type ExaminedCircumstances, noteEffects } from "./effects.ts";
import type { ExaminedLicense, PlanTermsReport, TermCounts, TermsChange, TermValues } from "./examined.ts";
import type { PlanTermsJob } from "./inputs.ts";

/**
 * Adds a license to the report; returns its change, null when it has none.
 *
 * @param circumstances.releases those of its product, for the versions that its machines reported last
 */
export function examine(
  report: PlanTermsReport,
  license: ExaminedLicense,
  { values, earlier, overwrite }: Pick<PlanTermsJob, "values" | "earlier" | "overwrite">,
  circumstances: ExaminedCircumstances,
): TermsChange | null {
  const change = { id: license.id, before: {} as TermValues, after: {} as TermValues };
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
    changed.updatesUntil = changedUpdatesEnd(license, changed);
    change.before.updatesUntil = license.updatesUntil;
    change.after.updatesUntil = changed.updatesUntil;
  }
  if (contradictions.some(({ holds }) => holds({ ...changed, licenseType: license.type }))) {
    report.contradicting++;
    return null;
  }
  report.changed++;
  for (const name of names) countsOf(report, name).changed++;
  const licenses = { before: license, after: changed };
  noteEffects(report, licenses, circumstances);
  return { ...change, licenses };
}

function countsOf({ terms }: PlanTermsReport, name: keyof Terms): TermCounts {
  return terms[name] ??= { changed: 0, overridden: 0 };
}
