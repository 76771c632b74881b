// Text from outside: what can be stored, what is cleaned, and what counts as equal.
import assert from "node:assert/strict";
import { cleanLine, comparable, locateUnstorable, truncate } from "../../server/domain/text.ts";
import { test } from "../support/test.ts";

test("NUL, halves of surrogate pairs and infinite numbers are found wherever they are", () => {
  for (
    const [value, path, reason] of [
      ["a\0b", [], "text"],
      ["\ud800", [], "text"],
      [{ a: [1, "x\udc00"] }, ["a", "1"], "text"],
      [{ a: { "\0": 1 } }, ["a"], "text"],
      [{ a: { b: JSON.parse("1e400") } }, ["a", "b"], "number"],
      [JSON.parse("[".repeat(70) + "]".repeat(70)), Array(64).fill("0"), "depth"],
    ] as const
  ) {
    assert.deepEqual(locateUnstorable(value), { path, reason });
  }
  for (
    const value of ["", "💥", "\ufffd", "\u202eevil", null, undefined, true, -0, 1.5, [], {}, new Date()]
  ) {
    assert.equal(locateUnstorable(value), null);
  }
});

test("A surrogate pair is not cut in half", () => {
  assert.equal(truncate("ab💥", 3), "ab");
  assert.equal(truncate("ab💥", 4), "ab💥");
  assert.equal(truncate("ab💥c", 4), "ab💥");
});

test("What is only displayed is cleaned and shortened", () => {
  assert.equal(cleanLine(" Anna's\tPC\r\n(office)\0 ", 255), "Anna's PC (office)");
  assert.equal(cleanLine("\ud800x\udc00", 255), "x");
  assert.equal(cleanLine("x".repeat(10_000), 255), "x".repeat(255));
  assert.equal(cleanLine("💥".repeat(200), 255), "💥".repeat(127));
  assert.equal(cleanLine("\0\x01\n", 255), "");
});

test("Texts that look alike are equal: case, invisible characters, full-width letters, white space", () => {
  for (
    const alike of [
      "AB-12",
      "ａｂ－１２",
      "a\u200bb\u00ad-12",
      " ab-12\u202e",
      "Ab-12\ufe0f",
      "ab-12\ud800",
      "a\0b-12",
    ]
  ) {
    assert.equal(comparable(alike), "ab-12", JSON.stringify(alike));
  }
  assert.equal(comparable("a \t\u3000 b"), "a b");
  assert.notEqual(comparable("a-1"), comparable("a1"));
});
