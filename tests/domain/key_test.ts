// License keys: random, checkable, and read as people write them.
import assert from "node:assert/strict";
import { generateKey, parseKey } from "../../server/domain/licenses/key.ts";
import { isDomainError } from "../../server/domain/errors.ts";
import { test } from "../support/test.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

test("a new key has the documented form, a right check character, and is never the same twice", () => {
  const keys = Array.from({ length: 5000 }, generateKey);
  for (const key of keys) {
    assert.match(key, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    assert.equal(parseKey(key).checksumMismatch, false);
  }
  assert.equal(new Set(keys).size, keys.length);
});

test("every symbol appears about as often as every other", () => {
  const counts = new Map<string, number>();
  const keys = Array.from({ length: 4000 }, generateKey).join("").replaceAll("-", "");
  for (const symbol of keys) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  for (const symbol of alphabet) {
    // 2000 expected, with a deviation of 44: ten of those never happen.
    assert.ok(Math.abs(counts.get(symbol)! - 2000) < 440, `${symbol}: ${counts.get(symbol)}`);
  }
});

test("every single wrong character is a typing error, at every position and for every symbol", () => {
  const key = parseKey(generateKey()).canonical;
  for (let position = 0; position < key.length; position++) {
    for (const symbol of alphabet) {
      if (symbol === key[position]) continue;
      assert.equal(
        parseKey(key.slice(0, position) + symbol + key.slice(position + 1)).checksumMismatch,
        true,
      );
    }
  }
});

test("any two characters swapped are a typing error", () => {
  const key = [...parseKey(generateKey()).canonical];
  for (let a = 0; a < key.length; a++) {
    for (let b = a + 1; b < key.length; b++) {
      if (key[a] === key[b]) continue;
      const swapped = [...key];
      [swapped[a], swapped[b]] = [swapped[b], swapped[a]];
      assert.equal(parseKey(swapped.join("")).checksumMismatch, true, `${a} and ${b}`);
    }
  }
});

test("a key is read whatever its case, its dashes and the look of its zeros and ones", () => {
  const wanted = parseKey("7Q01-1ABC-DEFG-HJKM").canonical;
  for (
    const written of [
      "7q01-1abc-defg-hjkm",
      "7QOI-LABC-DEFG-HJKM",
      " 7q0l1abcdefghjkm ",
      "7Q01 1ABC DEFG HJKM",
    ]
  ) {
    assert.equal(parseKey(written).canonical, wanted, written);
  }
});

test("the document's test key is well formed", () => {
  assert.equal(parseKey("TEST-TEST-TEST-TEST").checksumMismatch, false);
});

test("an imported key keeps its own form, but for its case", () => {
  assert.deepEqual(parseKey("acme/2025#00I7"), { canonical: "ACME/2025#00I7", checksumMismatch: false });
});

for (
  const text of ["", "     ", "12345", "a".repeat(256), "key\u0000with-nul", "line\nbreak", "\ud800broken"]
) {
  test(`${JSON.stringify(text).slice(0, 30)} is no key`, () => {
    assert.throws(
      () => parseKey(text),
      (error) => isDomainError(error, "INVALID_LICENSE") && error.facts.reason === "format_invalid",
    );
  });
}
