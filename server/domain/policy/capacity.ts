// How many machines a license admits: its activation limit, and what its terms admit beyond it.
import type { LicenseTerms } from "./terms.ts";

/** The capacity of a license that admits any number of machines: more than there can be. */
export const UNLIMITED = 2_147_483_647;

/** How many machines can be active on a license at once. A part of a machine is none. */
export function activationCapacity(
  { maxActivations, machineOverage }: Pick<LicenseTerms, "maxActivations" | "machineOverage">,
): number {
  return machineOverage === null
    ? UNLIMITED
    : maxActivations + Math.floor(maxActivations * machineOverage / 100);
}
