// The vectors in sdk/vectors as tests read them.
import { readFileSync } from "node:fs";

export interface Vector {
  name: string;
  reason: string;
  // deno-lint-ignore no-explicit-any
  given: any;
  // deno-lint-ignore no-explicit-any
  expected: any;
}

/** The cases of a file of vectors. */
export function readVectors(name: string): Vector[] {
  return JSON.parse(readFileSync(new URL(`../../sdk/vectors/${name}.json`, import.meta.url), "utf8")).cases;
}
