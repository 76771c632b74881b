// The vectors in sdk/vectors as tests read them.
import { readdirSync, readFileSync } from "node:fs";
import type { Case } from "../../sdk/vectors/cases.ts";
import type { Given } from "./verifier/verifier.ts";

// deno-lint-ignore no-explicit-any
export type Vector = Case<any, any>;

const folder = new URL("../../sdk/vectors/", import.meta.url);

/** The kinds of license files: `texts` for `file_texts.json`, and others. */
export const fileKinds = readdirSync(folder).flatMap((name) => /^file_(.*)\.json$/.exec(name)?.slice(1) ?? [])
  .sort();

/** The cases of a file of vectors. */
export function readVectors(name: string): Vector[] {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")).cases;
}

/** A signed validation of the vectors as the verifiers read it. */
export function validationGiven({ signature, keys, ...sent }: Vector["given"]): Given {
  return { validation: signature, keys, sent };
}
