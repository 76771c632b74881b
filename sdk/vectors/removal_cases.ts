// Devices that were given back: files that the app refuses from then on, and the codes that it shows.
import { writeRemovalCode } from "../../server/domain/license_files/removal_code.ts";
import { type Case, type FileCase, fileCase } from "./cases.ts";
import { encrypted } from "./encryption.ts";
import { DAY, fileClaims, fileWith, ISSUED } from "./samples.ts";
import { signed } from "./signer.ts";

/** What a code is made of; `removal` is the claim. */
export interface RemovalGiven {
  activation: number;
  seq: number;
  removal: string;
}

const ZEROS = "A".repeat(43);
const REMOVAL = String(fileClaims().removal);

export async function removalCases(): Promise<Promise<FileCase>[]> {
  const file = await fileWith();
  const removed = (name: string, reason: string, result: string, seqs: Record<string, number>, given = {}) =>
    fileCase(name, reason, file, result, {
      kept: {
        removed: Object.fromEntries(Object.entries(seqs).map(([activation, seq]) => [activation, { seq }])),
      },
      ...given,
    });
  return [
    removed("the file that was given back", "Its seq is not greater.", "removed", { 34: ISSUED }),
    removed("an older file than the one that was given back", "Its seq is not greater.", "removed", {
      34: ISSUED + 1,
    }),
    removed("a file since", "The device was activated again.", "valid", { 34: ISSUED - 1 }),
    removed("another activation was given back", "Numbers are those of one activation.", "valid", {
      35: ISSUED + 9,
    }),
    removed("several were given back", "Each activation has its own.", "removed", {
      35: 1,
      34: ISSUED,
      36: 1,
    }),
    removed("given back, and ended", "What was given back comes first.", "removed", { 34: ISSUED }, {
      now: ISSUED + 31 * DAY,
    }),
    removed("given back, with a clock set back", "The clock comes first.", "clock_set_back", { 34: ISSUED }, {
      now: ISSUED - DAY,
    }),
    removed("given back, on another device", "The device comes first.", "other_machine", { 34: ISSUED }, {
      device: { fingerprint: "other", components: {} },
    }),
    fileCase(
      "given back, and older than one that was seen",
      "What was given back comes first.",
      file,
      "removed",
      {
        kept: { removed: { 34: { seq: ISSUED } }, seq: { 34: ISSUED + 1 } },
      },
    ),
    fileCase(
      "since it was given back, and older than one that was seen",
      "An old file was put back.",
      file,
      "older_file",
      { kept: { removed: { 34: { seq: ISSUED - 1 } }, seq: { 34: ISSUED + 1 } } },
    ),
    fileCase(
      "the encrypted file that was given back",
      "Its seq is not greater.",
      encrypted(await signed("license-file+jwt", fileClaims())),
      "removed",
      { kept: { removed: { 34: { seq: ISSUED } } } },
    ),
  ];
}

export function removalCodeCases(): Case<RemovalGiven, string>[] {
  const make = (name: string, reason: string, activation: number, seq: number, removal = REMOVAL) => ({
    name,
    reason,
    given: { activation, seq, removal },
    expected: writeRemovalCode({ activationId: activation, seq }, removal),
  });
  return [
    make("of the document", "It is that of docs/offline.md.", 1234, 1_790_000_000, ZEROS),
    make("of the file of the cases", "The key is that of its claim.", 34, ISSUED),
    make("another key", "The proof is another one.", 34, ISSUED, ZEROS),
    make("the next number", "The proof is another one.", 34, ISSUED + 1),
    make("one digit", "The activation has no leading zeros.", 1, ISSUED),
    make("the last of one digit", "31 is Z.", 31, ISSUED),
    make("the first of two digits", "32 is 10.", 32, ISSUED),
    make("a large activation", "It has as many digits as it needs.", 1_099_511_627_776, ISSUED),
    make("the largest activation", "It has 53 bits.", 2 ** 53 - 1, ISSUED),
    make("a small number", "It has leading zeros.", 34, 1),
    make("the largest number of 8 digits", "Each of them is Z.", 34, 2 ** 40 - 1),
    ...Array.from(
      { length: 8 },
      (_, index) =>
        make(
          `activation ${(index + 1) * 1000}`,
          "Proofs have any digits.",
          (index + 1) * 1000,
          ISSUED + index,
        ),
    ),
  ];
}
