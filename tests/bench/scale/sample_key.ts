// The license keys of the data set of `deno task bench:scale`. They follow from the number of the license, so that a run
// on data that was loaded earlier knows them.
import { createHash } from "node:crypto";
import { keyOf } from "../../../server/domain/licenses/key.ts";

/** The key of the license with this id. */
export function sampleKey(id: number): string {
  return keyOf(createHash("sha256").update(`license ${id}`).digest().subarray(0, 15));
}
