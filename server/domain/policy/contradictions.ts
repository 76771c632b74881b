// Terms that contradict each other, as data. A plan or a license with such a pair is refused with both names.
import { refuse } from "../errors.ts";
import type { Terms } from "./inputs.ts";

interface Contradiction {
  /** The field that the error is about, and the one it contradicts. */
  fields: readonly [keyof Terms | "licenseType", keyof Terms | "licenseType"];
  holds(terms: Terms & { licenseType: string }): boolean;
}

export const contradictions: readonly Contradiction[] = [
  // What is allowed after the end needs no days of grace.
  {
    fields: ["graceDays", "afterExpiry"],
    holds: (terms) => terms.graceDays > 0 && terms.afterExpiry === "allow",
  },
  // A period without a length neither starts nor is renewed.
  { fields: ["expiryBasis", "duration"], holds: (terms) => terms.expiryBasis !== "issue" && !terms.duration },
  // A license that admits any number of machines is never full.
  {
    fields: ["machineReplacement", "machineOverage"],
    holds: (terms) => terms.machineReplacement === "longest_idle" && terms.machineOverage === null,
  },
  // Without license files nothing is borrowed.
  {
    fields: ["offlineBorrowing", "offlineDays"],
    holds: (terms) => terms.offlineBorrowing && terms.offlineDays === 0,
  },
  {
    fields: ["trialPer", "licenseType"],
    holds: (terms) => terms.trialPer !== "none" && terms.licenseType !== "trial",
  },
  { fields: ["trialPer", "duration"], holds: (terms) => terms.trialPer !== "none" && !terms.duration },
];

/**
 * Requires that no two terms contradict each other.
 *
 * @throws DomainError `INVALID_REQUEST` (`contradicts`) with the names of both
 */
export function requireConsistentTerms(terms: Terms & { licenseType: string }): void {
  const found = contradictions.find(({ holds }) => holds(terms));
  if (found) {
    refuse("INVALID_REQUEST", { field: found.fields[0], reason: "contradicts", other: found.fields[1] });
  }
}
