// Cursors come back from clients as they were sent, or as anything else.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readCursor, type SortType, writeCursor } from "../../server/domain/cursor.ts";
import { isDomainError } from "../../server/domain/errors.ts";
import { test } from "../support/test.ts";

const encode = (content: unknown) => Buffer.from(JSON.stringify(content)).toString("base64url");

test("what a list wrote is read", () => {
  const written: [SortType, string][] = [
    ["bigint", "9223372036854775807"],
    ["bigint", "-1"],
    ["text", "zoë \ufffd 💥"],
    ["text", ""],
    ["date", "2024-02-29"],
    ["date", "infinity"],
    ["timestamptz", "2026-01-31 23:59:59.999999+00"],
    ["timestamptz", "2026-01-31 00:00:00+00"],
  ];
  for (const [type, key] of written) {
    for (const side of ["after", "before"] as const) {
      const position = { key, id: 7, side };
      assert.deepEqual(readCursor(writeCursor("-x", position), { sort: "-x", type }), position);
    }
  }
});

test("everything else is refused", () => {
  const wrong: Record<SortType, unknown[]> = {
    bigint: [1, null, "", "x", "1.5", "9223372036854775808", "-9223372036854775809", "1e3", "９", " 1"],
    text: [1, null, {}, "a\0", "\ud800", "x".repeat(1001)],
    date: [
      "",
      "0000-01-01",
      "2026-02-30",
      "2026-13-01",
      "10000-01-01",
      "now",
      "2026-01-31T00:00:00Z",
      "epoch",
    ],
    timestamptz: [
      ...["", "2026-01-31", "2026-01-31 24:00:00+00", "2026-02-30 00:00:00+00", "0000-01-01 00:00:00+00"],
      ...["2026-01-31 00:00:60+00", "2026-01-31 00:00:00+99", "now", "294277-01-01 00:00:00+00"],
    ],
  };
  const content: [SortType, unknown][] = (Object.entries(wrong) as [SortType, unknown[]][])
    .flatMap(([type, keys]) => keys.map((key): [SortType, unknown] => [type, ["id", key, 1]]));
  const others = [
    ["-id", "1", 1],
    ["id", "1", 1.5],
    ["id", "1", 1e300],
    ["id", "1", "1"],
    ["id", "1", 1, "beside"],
    ["id", "1", 1, null],
    ["id"],
    [],
    {},
    null,
    1,
  ];
  for (const [type, sent] of [...content, ...others.map((sent): [SortType, unknown] => ["bigint", sent])]) {
    assert.throws(
      () => readCursor(encode(sent), { sort: "id", type }),
      (error) => isDomainError(error, "INVALID_REQUEST") && error.facts.field === "cursor",
      `${type} ${JSON.stringify(sent)}`,
    );
  }
  for (const sent of ["", "x", "%00", "💥", "W10", Buffer.from([0xff, 0xfe]).toString("base64url")]) {
    assert.throws(() => readCursor(sent, { sort: "id", type: "text" }), sent);
  }
});
