// The table of SECURITY.md: every requirement of ASVS 5.0 of levels 1 and 2 has one row, and its test exists.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "../support/test.ts";

const root = new URL("../../", import.meta.url);

/** The requirements of levels 1 and 2; what is not about clients in chapter 10 (OAuth), and 17 (WebRTC), are one row each. */
const required = [
  "1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2",
  "2.1.1-3 2.2.1-3 2.3.1-4 2.4.1",
  "3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2",
  "4.1.1-3 4.2.1 4.3.1-2 4.4.1-4",
  "5.1.1 5.2.1-3 5.3.1-2 5.4.1-3",
  "6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4",
  "7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2",
  "8.1.1-2 8.2.1-3 8.3.1 8.4.1",
  "9.1.1-3 9.2.1-4",
  "10.1.1-2 10.2.1-2 10.5.1-5",
  "11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1",
  "12.1.1-3 12.2.1-2 12.3.1-4",
  "13.1.1 13.2.1-5 13.3.1-2 13.4.1-5",
  "14.1.1-2 14.2.1-4 14.3.1-3",
  "15.1.1-3 15.2.1-3 15.3.1-7",
  "16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3",
].join(" ").split(" ").flatMap((range) => expand(...range.split("-") as [string, string?]));

/** The requirements from one to another of the same section: ("1.2.6", "8") and ("1.2.6", "1.2.8") are three. */
function expand(first: string, last?: string): string[] {
  const section = first.slice(0, first.lastIndexOf("."));
  const from = Number(first.split(".")[2]);
  const to = last ? Number(last.split(".").at(-1)) : from;
  return Array.from({ length: to - from + 1 }, (_, n) => `${section}.${from + n}`);
}

const rows = readFileSync(new URL("SECURITY.md", root), "utf8").split("\n")
  .filter((line) => /^\| (\d+\.|V1)/.test(line))
  .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));

test("every requirement of levels 1 and 2 has one row", () => {
  const listed = rows.flatMap(([ids]) =>
    ids.startsWith("V")
      ? []
      : ids.split(", ").flatMap((range) => expand(...range.split("–") as [string, string?]))
  );
  assert.deepEqual(listed.toSorted(), required.toSorted());
});

test("every row says how it is met, and every test it names exists", () => {
  const missing = rows.flatMap(([ids, asks, how, file]) => {
    assert.ok(asks && how, `${ids} says nothing`);
    const name = file.replaceAll("`", "");
    return name && !existsSync(new URL(name, root)) ? [`${ids}: ${name}`] : [];
  });
  assert.deepEqual(missing, []);
});
