// The terms among the values of a plan or a license.
import { termNames, type Terms } from "../../../server/domain/policy/inputs.ts";

/** The terms of a plan or a license alone. */
export function pickTerms<Of extends Terms>(of: Of): Pick<Of, keyof Terms> {
  return Object.fromEntries(termNames.map((name) => [name, of[name]])) as Pick<Of, keyof Terms>;
}
