// Claims of license files that are missing or of other types, in files that are signed right.
import { type FileCase, fileCase } from "./cases.ts";
import { fileClaims, fileWith } from "./samples.ts";

const claims = fileClaims();
const machine = claims.machine as Record<string, unknown>;

/** Values of claims that have other types, or are out of their range. */
const wrong: Record<string, unknown[]> = {
  iss: [null, 1],
  iat: [null, "1", -1, 1.5, true, 1_772_366_400_000, 253_402_300_800, 2 ** 53],
  nbf: [null, "1", -1, 0.5],
  exp: [null, "1", 253_402_300_800],
  jti: [null, 1],
  seq: [null, "1", -1, 0.5, 2 ** 53, 2 ** 53 + 2, 1e300],
  product: [null, 1, ["painter"]],
  license: [null, "12", -1],
  activation: [null, "34", -1, 2 ** 53],
  state: [null, 1],
  license_ends: [1, "", "2027", "2027-1-1", "2027-01-01T00:00:00Z", "2027-01-01 ", "２０２７-01-01"],
  grace_ends: [1, ""],
  after_expiry: [null, "", "Allow", "toString"],
  updates_until: [1, "x"],
  versions: [1, []],
  max_users: [null, "3", -1],
  entitlements: [null, [], "x"],
  metadata: [null, []],
  customer: [null, {}, [], { name: 1, company: null }, { name: "x" }, { name: "x", company: 1 }],
  machine: [
    null,
    {},
    { ...machine, match: "none" },
    { ...machine, match: "__proto__" },
    { ...machine, salt: null },
    { ...machine, fingerprint: undefined },
    { ...machine, components: [] },
    { ...machine, components: null },
    { ...machine, components: { board: 1 } },
  ],
  status: [
    null,
    {},
    { uri: 1, idx: 1 },
    { uri: "x", idx: -1 },
    { uri: "x", idx: "1" },
    { uri: "x", idx: 1.5 },
    { uri: "x", idx: 2 ** 53 },
  ],
  removal: [null, "", "AAAA", 1, `${claims.removal}AAAA`, `${String(claims.removal).slice(0, -1)}=`],
};

export function claimCases(): Promise<FileCase>[] {
  const bad = (name: string, reason: string, replaced: Record<string, unknown>) =>
    fileCase(name, reason, fileWith(replaced), "malformed");
  const good = (name: string, reason: string, replaced: Record<string, unknown>, given = {}) =>
    fileCase(name, reason, fileWith(replaced), "valid", given);
  return [
    ...Object.keys(claims).map((name) =>
      bad(`without ${name}`, "All claims have to be there.", { [name]: undefined })
    ),
    ...Object.entries(wrong).flatMap(([name, values]) =>
      values.map((value) =>
        bad(`${name} ${JSON.stringify(value)}`, "The claim has another type, or is out of its range.", {
          [name]: value,
        })
      )
    ),
    good("more claims", "Claims that are not known are ignored.", { later: 1, more: { x: [null] } }),
    good("entitlements of any kind", "Their members may be anything.", {
      entitlements: { a: null, b: [1], c: { d: false }, "": "x", toString: 1 },
    }),
    good("metadata of any kind", "Its members may be anything.", {
      metadata: { a: null, b: [1], c: { d: 1 } },
    }),
    good("texts in other letters", "Text is UTF-8.", { customer: { name: "Büro 工作站 🖥", company: "Ω" } }),
    good("the highest seq", "Integers are at most 2^53 - 1.", { seq: 2 ** 53 - 1 }),
    good("zeros", "Integers are not negative.", { activation: 0, license: 0, max_users: 0, seq: 0 }),
    good("the highest time", "Times end with the year 9999.", { exp: 253_402_300_799 }, {
      now: 253_402_300_798,
    }),
    fileCase(
      "a malformed claim of another product",
      "The claims are checked before what they say.",
      fileWith({ product: "other-app", seq: -1 }),
      "malformed",
    ),
  ];
}
