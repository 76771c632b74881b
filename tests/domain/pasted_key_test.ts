// Keys as people paste them: any decoration of a key is forgiven, and no two keys are taken for each other.
import assert from "node:assert/strict";
import fc from "../support/property.ts";
import { candidateDigests, generateKey, keyDigest, parseKey } from "../../server/domain/licenses/key.ts";
import { cleanKey } from "../../server/domain/licenses/pasted_key.ts";
import { isDomainError } from "../../server/domain/errors.ts";
import { test } from "../support/test.ts";

const hex = (digest: Uint8Array) => Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
/** Whether a key that is typed like that finds a license that was stored with this one. */
const finds = (typed: string, stored: string) =>
  candidateDigests(parseKey(typed)).map(hex).includes(hex(keyDigest(parseKey(stored))));

const dashes = [..."-‐‑‒–—―−﹣－⁃˗ー─➖\u001e"];
const invisible = [
  "\u00ad",
  "\u200b",
  "\u200c",
  "\u200d",
  "\u200e",
  "\u202a",
  "\u2060",
  "\ufeff",
  "\u180e",
  "\ufe0f",
  "\u034f",
  "\u{e0041}",
];
const blanks = [" ", "\u00a0", "\u2009", "\u3000", "\t", "\n", "\r\n", "\u2028", "\u0085", "\n> ", "\v"];
const quotes = [
  ['"', '"'],
  ["'", "'"],
  ["“", "”"],
  ["„", "“"],
  ["‚", "‘"],
  ["«", "»"],
  ["»", "«"],
  ["‹", "›"],
  ["「", "」"],
  ["『", "』"],
  ["`", "`"],
  ["´", "´"],
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
  ["<", ">"],
  ["【", "】"],
  ["＂", "＂"],
  ["（", "）"],
  ["**", "**"],
  ["", "."],
  ["• ", ""],
  ["", ","],
  ["> ", ""],
];

const wide = (text: string) =>
  text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

/** A key as it may arrive. `keepsDashes`: dashes are changed, not left out; `keepsCase`: case is not changed. */
function decorated(key: string, { keepsDashes = false, keepsCase = false } = {}): fc.Arbitrary<string> {
  const between = fc.oneof(
    { weight: 6, arbitrary: fc.constant("") },
    { weight: 1, arbitrary: fc.constantFrom(...invisible) },
    { weight: 1, arbitrary: fc.constantFrom(...blanks) },
  );
  const characters = [...key].map((character) => {
    const spellings = character === "-"
      ? keepsDashes ? dashes : [...dashes, ""]
      : keepsCase
      ? [character, wide(character)]
      : [character, character.toLowerCase(), wide(character), wide(character.toLowerCase())];
    return fc.tuple(between, fc.constantFrom(...spellings)).map((parts) => parts.join(""));
  });
  return fc.tuple(
    fc.array(fc.constantFrom(...quotes), { maxLength: 2 }),
    fc.tuple(...characters),
    between,
  ).map(([around, parts, last]) =>
    around.reduce((text, [open, close]) => `${open}${text}${close}`, parts.join("") + last)
  );
}

const generated = fc.noShrink(fc.constant(null).map(generateKey));
const uuid = fc.uuid();
const base64 = fc.uint8Array({ minLength: 13, maxLength: 60 })
  .map((bytes) => btoa(String.fromCharCode(...bytes)))
  .filter((key) => /[a-z]/.test(key) && /[A-Z]/.test(key));
const imported = fc.array(fc.stringMatching(/^[A-Z0-9]{2,6}$/), { minLength: 3, maxLength: 6 })
  .map((groups) => groups.join("-"));

test("a generated key is found however it was pasted", () => {
  fc.assert(fc.property(
    generated.chain((key) => fc.tuple(fc.constant(key), decorated(key))),
    ([key, text]) => finds(text, key),
  ));
});

test("a UUID is found however it was pasted, without dashes, in braces and as urn:uuid", () => {
  fc.assert(fc.property(
    uuid.chain((key) => fc.tuple(fc.constant(key), decorated(key))),
    ([key, text]) => finds(text, key),
  ));
  const key = "550e8400-e29b-41d4-a716-446655440000";
  for (
    const text of [
      "550E8400E29B41D4A716446655440000",
      "{550E8400-e29b-41d4-a716-446655440000}",
      "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
      "URN:UUID:{550e8400-e29b-41d4-a716-446655440000}",
      '"{550e8400e29b41d4a716446655440000}"',
    ]
  ) {
    assert.ok(finds(text, key), text);
    assert.ok(finds(key, text), text);
  }
});

test("an imported key is found however it was pasted, as long as its dashes are there", () => {
  fc.assert(fc.property(
    imported.chain((key) => fc.tuple(fc.constant(key), decorated(key, { keepsDashes: true }))),
    ([key, text]) => finds(text, key),
  ));
});

test("a key in both cases is found however it was pasted, in its own case only", () => {
  fc.assert(fc.property(
    base64.chain((key) => fc.tuple(fc.constant(key), decorated(key, { keepsDashes: true, keepsCase: true }))),
    ([key, text]) => finds(text, key) && !finds(key.toUpperCase(), key) && !finds(key.toLowerCase(), key),
  ));
});

test("two different keys are never taken for each other", () => {
  const any = fc.oneof(generated, uuid, imported, base64);
  const folded = (key: string) => key.replace(/-/g, "").toUpperCase();
  fc.assert(fc.property(any, any, (a, b) => {
    fc.pre(folded(a) !== folded(b));
    return !finds(a, b) && !finds(b, a);
  }));
  // One character of a key in both cases changes its case.
  fc.assert(fc.property(base64, fc.nat(), (key, n) => {
    const places = [...key].flatMap((c, index) => /[a-z]/i.test(c) ? [index] : []);
    const at = places[n % places.length];
    const other = key[at] === key[at].toUpperCase() ? key[at].toLowerCase() : key[at].toUpperCase();
    const changed = key.slice(0, at) + other + key.slice(at + 1);
    fc.pre(/[a-z]/.test(changed) && /[A-Z]/.test(changed));
    return !finds(changed, key);
  }));
});

test("cleaning twice changes nothing, and never ends in an error", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom(
        ...dashes,
        ...invisible,
        ...blanks,
        ..."Iıİi\u0307\u0301\u0323“(>.*",
        ..."ＩAb１٣۴",
      ),
      maxLength: 30,
    }),
  );
  fc.assert(fc.property(text, (text) => cleanKey(cleanKey(text)) === cleanKey(text)), { numRuns: 300 });
  fc.assert(fc.property(text, (text) => {
    try {
      const key = parseKey(text);
      assert.deepEqual(parseKey(cleanKey(text)), key);
    } catch (error) {
      assert.ok(isDomainError(error, "INVALID_LICENSE"));
    }
  }));
});

for (
  const [typed, stored] of [
    // A blind user's paste (Paddle, Mac-Framework-V4, issue 33): blanks after a dash.
    ["A08AF963-F3737094-  12C42655-4BB1D4EB-47107E0A ", "A08AF963-F3737094-12C42655-4BB1D4EB-47107E0A"],
    // A wrapped and quoted line of a mail.
    ["> TEST-TEST-\r\n> TEST-TEST", "TEST-TEST-TEST-TEST"],
    ["TEST-TEST-=\u00ad\nTEST-TEST".replace("=", ""), "TEST-TEST-TEST-TEST"],
    ["Your-Key".toUpperCase() + "-2025.", "your-key-2025"],
    ["7Q0İ-1ABC-DEFG-HJKM", "7Q01-1ABC-DEFG-HJKM"],
    ["7q0ı-1abc-defg-hjkm", "7Q01-1ABC-DEFG-HJKM"],
    ["۷Q۰۱-۱ABC-DEFG-HJKM", "7Q01-1ABC-DEFG-HJKM"],
    ["ACME 2025\u00a0PRO", "acme 2025 pro"],
    ["cafe\u0301-2025", "CAFÉ-2025"],
  ]
) {
  test(`${JSON.stringify(typed)} is ${stored}`, () => assert.ok(finds(typed, stored)));
}

test("what is said before a key is not part of it", () => {
  assert.equal(finds("Key: TEST-TEST-TEST-TEST", "TEST-TEST-TEST-TEST"), false);
});
