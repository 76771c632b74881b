// Revocation: indices that are set or not, and lists that are new, old, ended or of other files.
import { type Differing, type FileCase, fileCase } from "./cases.ts";
import { DAY, fileWith, ISSUED, LIST, statusList } from "./samples.ts";
import { nextKey, productKey } from "./signer.ts";

const now = ISSUED + DAY;

/** Lists of 131072 bits, compressed by the server: with index 9 set, with the last one, with all of them. */
const NINTH = "eNrtwTENAAAAAiBn_9DG8AHSAAAAAAAAAAAAAAAAAAAAAGcDv_4AAw";
const LAST = "eNrtwSEBAAAAAiCnO90ZFiABAAAAAAAAAAAAAAAAAAAAzjpAgACB";
const ALL = "eNrtwTEBAAAAwqD-qWcMH6AAAAAAAAAAAAAAAAAAAACAtwGw2cOy";

/** A list whose bytes are given compressed. */
const compressed = (lst: string) => statusList([], { replaced: { status_list: { bits: 1, lst } } });

export function revocationCases(): Promise<FileCase>[] {
  const file = fileWith();
  /** A case of lists, each with why it is refused; null: it is not. */
  const listed = async (
    name: string,
    reason: string,
    result: string,
    lists: [Promise<string> | string, string | null][],
    { text = file, ...given }: Differing & { text?: Promise<string> } = {},
  ) => ({
    ...await fileCase(name, reason, text, result, {
      now,
      ...given,
      lists: await Promise.all(lists.map(([list]) => list)),
    }),
    lists: lists.map(([, refusal]) => refusal),
  });
  const at = (idx: number) => ({ text: fileWith({ status: { uri: LIST, idx } }) });
  const seen = (iat: number) => ({ kept: { lists: { [LIST]: iat } } });
  const newer = { issuedAt: ISSUED + 60 };
  const future = { issuedAt: now + 5 * DAY };
  const indices = [0, 1, 7, 8, 15, 1023].flatMap((index) => [
    listed(
      `index ${index} set`,
      "Bits are counted from the lowest.",
      "revoked",
      [[statusList([index]), null]],
      at(index),
    ),
    listed(`every index but ${index} set`, "The file has its own index.", "valid", [[
      statusList(allBut(index)),
      null,
    ]], at(index)),
  ]);
  return [
    listed("without a list", "It counts as not revoked.", "valid", []),
    listed("set", "The file is revoked.", "revoked", [[statusList([9]), null]]),
    listed("not set", "Others are.", "valid", [[statusList([8, 10, 17]), null]]),
    ...indices,
    listed("a list that the server compressed", "Any compression of zlib is read.", "revoked", [
      [compressed(NINTH), null],
    ]),
    listed(
      "the last index of a full list",
      "A list has 131072 bits.",
      "revoked",
      [[compressed(LAST), null]],
      at(131_071),
    ),
    ...[131_072, 2 ** 32 + 9, 2 ** 53 - 1].map((index) =>
      listed(
        `index ${index}, which the list has not`,
        "It is not revoked.",
        "valid",
        [[compressed(ALL), null]],
        at(index),
      )
    ),
    listed(
      "an index beyond a short list",
      "It is not revoked.",
      "valid",
      [[statusList([9], { size: 2 }), null]],
      at(16),
    ),
    listed("the last index of a short list", "The server may leave out zeros at the end.", "revoked", [[
      statusList([15], { size: 2 }),
      null,
    ]], at(15)),
    listed("a list of no bytes", "It has no bits.", "valid", [[statusList([], { size: 0 }), null]]),
    listed("a revoked file that has ended", "Revocation comes first.", "revoked", [[
      statusList([9], { issuedAt: ISSUED + 30 * DAY }),
      null,
    ]], { now: ISSUED + 31 * DAY }),
    listed("a revoked file on another device", "The device comes first.", "other_machine", [[
      statusList([9]),
      null,
    ]], { device: { fingerprint: "other", components: {} } }),
    listed("a revoked file that was given back", "What was given back comes first.", "removed", [[
      statusList([9]),
      null,
    ]], { kept: { removed: { 34: { seq: ISSUED } } } }),
    listed("a list by the next key", "The app knows it.", "revoked", [[
      statusList([9], { key: nextKey }),
      null,
    ]], {
      keys: [productKey.publicKey, nextKey.publicKey],
    }),
    listed("a list of another address", "The addresses have to be the same.", "valid", [
      [statusList([9], { url: `${LIST}0` }), "other_list"],
    ]),
    listed("a list that has ended", "It still revokes what it has revoked.", "revoked", [
      [statusList([9], { expiresAt: now }), "list_ended"],
    ]),
    listed("a list that has ended and revokes others", "It says nothing of this file.", "valid", [
      [statusList([8], { expiresAt: now }), "list_ended"],
    ]),
    listed("a list in its last second", "It counts still.", "revoked", [
      [statusList([9], { expiresAt: now + 1 }), null],
    ]),
    listed("a list that is older than one that was seen", "An old list was put back.", "valid", [
      [statusList([9]), "older_list"],
    ], seen(ISSUED + 1)),
    listed(
      "a list as old as what was seen",
      "It is the same.",
      "revoked",
      [[statusList([9]), null]],
      seen(ISSUED),
    ),
    listed("a list that is newer than one that was seen", "It counts from now on.", "revoked", [
      [statusList([9]), null],
    ], seen(ISSUED - 1)),
    listed("an older list and a newer one", "The newer one counts.", "valid", [
      [statusList([9]), "older_list"],
      [statusList([], newer), null],
    ]),
    listed("a newer list and an older one", "The newer one counts.", "revoked", [
      [statusList([9], newer), null],
      [statusList([]), "older_list"],
    ]),
    listed("two lists of the same time", "Each of them counts.", "revoked", [
      [statusList([]), null],
      [statusList([9]), null],
    ]),
    listed("a list of another address before the right one", "Each list is looked at.", "revoked", [
      [statusList([], { url: `${LIST}0` }), "other_list"],
      [statusList([9]), null],
    ]),
    listed("a list from the future", "Its time is signed: the clock was set back.", "clock_set_back", [
      [statusList([], future), null],
    ]),
    listed("a list of another address from the future", "Its time is signed as well.", "clock_set_back", [
      [statusList([], { ...future, url: "x" }), "other_list"],
    ]),
    listed("a list from the future, an hour ahead", "An hour is tolerated.", "valid", [
      [statusList([], { issuedAt: now + 3600 }), null],
    ]),
    listed("a list after the end of the file", "Its time is the latest trusted time.", "file_ended", [
      [statusList([], { issuedAt: ISSUED + 30 * DAY }), null],
    ], { now: ISSUED + 30 * DAY - 60 }),
  ];
}

function allBut(index: number): number[] {
  return Array.from({ length: 1024 }, (_, other) => other).filter((other) => other !== index);
}
