// License keys: generation, check character, and tolerant parsing.
import assert from "node:assert/strict";
import { generateKey, parseKey } from "../../server/domain/licenses/key.ts";
import { isDomainError } from "../../server/domain/errors.ts";
import { test } from "../support/test.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

test("a new key has the documented format and a correct check character, and is unique", () => {
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
    // 2000 expected with a standard deviation of 44; ten deviations are practically impossible.
    assert.ok(Math.abs(counts.get(symbol)! - 2000) < 440, `${symbol}: ${counts.get(symbol)}`);
  }
});

test("a single wrong character is a checksum mismatch, at every position and for every symbol", () => {
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

test("any two swapped characters are a checksum mismatch", () => {
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

test("a key is parsed in any case, with or without dashes, and with O, I and L for digits", () => {
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

test("the test key of the document is valid", () => {
  assert.equal(parseKey("TEST-TEST-TEST-TEST").checksumMismatch, false);
});

test("an imported key keeps its format except for its case, unless it has both", () => {
  assert.deepEqual(parseKey("acme/2025#00i7"), {
    canonical: "ACME/2025#00I7",
    exact: null,
    checksumMismatch: false,
  });
  assert.deepEqual(parseKey("acme/2025#00I7"), {
    canonical: "ACME/2025#00I7",
    exact: "acme/2025#00I7",
    checksumMismatch: false,
  });
});

for (
  const text of [
    "",
    "     ",
    "12345",
    "a".repeat(256),
    " ".repeat(1001) + "TEST-TEST-TEST-TEST",
    "key\u0000with-nul",
    "key\u0007bell",
    "\u200b\u200bab-c\u00ad\u00ad",
    "\ud800broken",
  ]
) {
  test(`${JSON.stringify(text).slice(0, 30)} is not a key`, () => {
    assert.throws(
      () => parseKey(text),
      (error) => isDomainError(error, "INVALID_LICENSE") && error.facts.reason === "format_invalid",
    );
  });
}
