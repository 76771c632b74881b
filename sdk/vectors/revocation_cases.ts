// Revocation: a bit that is set or not, lists that are old, of other files, or not the vendor's.
import { type Case, fileCase, type FileGiven } from "./cases.ts";
import { DAY, fileWith, ISSUED, LIST, statusList } from "./samples.ts";
import { foreignKey, nextKey, productKey } from "./signer.ts";

/** A list of 131072 places with place 9 set, compressed by the server. */
const COMPRESSED = "eNrtwTENAAAAAiBn_9DG8AHSAAAAAAAAAAAAAAAAAAAAAGcDv_4AAw";

export async function revocationCases(): Promise<Case<FileGiven, string>[]> {
  const file = await fileWith();
  const at = (index: number) => fileWith({ status: { uri: LIST, idx: index } });
  const now = ISSUED + DAY;
  const test = async (
    name: string,
    reason: string,
    expected: string,
    list: Promise<string> | string,
    given: Partial<FileGiven> = {},
    text = file,
  ) => fileCase(name, reason, text, expected, { lists: [await list], now, ...given });
  const places = await Promise.all([0, 1, 7, 8, 15, 1023].map(async (index) => [
    await test(
      `place ${index} set`,
      "Bits are counted from the lowest.",
      "revoked",
      statusList([index]),
      {},
      await at(index),
    ),
    await test(
      `every place but ${index} set`,
      "The file has its own place.",
      "valid",
      statusList(allBut(index)),
      {},
      await at(index),
    ),
  ]));
  return [
    fileCase("without a list", "It counts as not revoked.", file, "valid"),
    await test("set", "The file is revoked.", "revoked", statusList([9])),
    await test("not set", "Others are.", "valid", statusList([8, 10])),
    await test(
      "set, after the end of the file",
      "Revocation comes first.",
      "revoked",
      statusList([9], { issuedAt: ISSUED + 30 * DAY }),
      { now: ISSUED + 31 * DAY },
    ),
    ...places.flat(),
    await test(
      "a place beyond the list",
      "It is not revoked.",
      "valid",
      statusList([9], { size: 2 }),
      {},
      await at(16),
    ),
    await test(
      "a list that names another file's list",
      "The addresses have to be the same.",
      "valid",
      statusList([9], { url: `${LIST}0` }),
    ),
    await test(
      "a list by another vendor",
      "Its signature is not known.",
      "valid",
      statusList([9], { key: foreignKey }),
    ),
    await test("a list by the next key", "The app knows it.", "revoked", statusList([9], { key: nextKey }), {
      keys: [productKey.publicKey, nextKey.publicKey],
    }),
    await test(
      "a list of another typ",
      "It is no status list.",
      "valid",
      statusList([9], { type: "license-file+jwt" }),
    ),
    await test(
      "a list that has ended",
      "It still revokes what it has revoked.",
      "revoked",
      statusList([9], { expiresAt: now }),
    ),
    await test(
      "a list in its last second",
      "It counts still.",
      "revoked",
      statusList([9], { expiresAt: now + 1 }),
    ),
    await test(
      "a list that is older than one that was seen",
      "An old list was put back.",
      "valid",
      statusList([9]),
      { seen: { [LIST]: ISSUED + 1 } },
    ),
    await test("a list as old as what was seen", "It is the same.", "revoked", statusList([9]), {
      seen: { [LIST]: ISSUED },
    }),
    await test(
      "a list with two bits for each file",
      "It is not one of these.",
      "valid",
      statusList([9], { replaced: { status_list: { bits: 2, lst: "eJwDAAAAAAE" } } }),
    ),
    await test(
      "a list that a server compressed",
      "Any compression of zlib is read.",
      "revoked",
      statusList([], { replaced: { status_list: { bits: 1, lst: COMPRESSED } } }),
    ),
    fileCase("a foreign list before the right one", "Each list is looked at.", file, "revoked", {
      now,
      lists: [
        await statusList([], { key: foreignKey }),
        await statusList([], { url: `${LIST}0` }),
        await statusList([9]),
      ],
    }),
    fileCase("a text that is no list", "It is ignored.", file, "valid", { now, lists: ["x", "", "a.b.c"] }),
  ];
}

function allBut(index: number): number[] {
  return Array.from({ length: 1024 }, (_, place) => place).filter((place) => place !== index);
}
