// Ranges of versions: what they contain, and what is none.
import assert from "node:assert/strict";
import { isInRange, parseVersionRange, writeComparisons } from "../../server/domain/policy/version_range.ts";
import { parseVersion } from "../../server/domain/releases/version.ts";
import { test } from "../support/test.ts";
import * as verifier from "../support/verifier/versions.ts";

for (
  const [range, inside, outside] of [
    [">=2.0.0 <3.0.0", ["2.0.0", "2.9.9.9", "2.0.0-beta"], ["1.9.9", "3.0.0", "3.0.0-beta"]],
    [">= 2.0.0  < 3.0.0", ["2.5"], ["3"]],
    ["^1.2.3", ["1.2.3", "1.9.0", "v1.2.3 (build 4)"], ["1.2.2", "2.0.0", "2.0.0-rc.1"]],
    ["^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0", "0.2.2"]],
    ["^0.0.3", ["0.0.3"], ["0.0.4", "0.0.2"]],
    ["^0.0", ["0.0.9"], ["0.1.0"]],
    ["^0", ["0.9.0"], ["1.0.0"]],
    ["~1.2.3", ["1.2.3", "1.2.99"], ["1.3.0", "1.2.2"]],
    ["~1.2", ["1.2.0", "1.2.99"], ["1.3.0"]],
    ["~>1", ["1.0.0", "1.99"], ["2.0.0"]],
    ["1.2", ["1.2.0", "1.2.7"], ["1.3.0", "1.1.9"]],
    ["2.x", ["2.0.0", "2.9"], ["3.0.0", "1.9"]],
    ["2", ["2.1"], ["3.0"]],
    ["=1.2.3", ["1.2.3", "1.2.3.0", "1.2.3-beta"], ["1.2.3.1", "1.2.4"]],
    ["1.2.3.x", ["1.2.3.7"], ["1.2.4"]],
    ["1.2.3.4", ["1.2.3.4"], ["1.2.3.5"]],
    [">1.2", ["1.3.0"], ["1.2.9", "1.2.0"]],
    ["<=1.2", ["1.2.9", "0.1"], ["1.3.0"]],
    ["<1.2", ["1.1.9"], ["1.2.0", "1.2.0-alpha"]],
    [">1.2.3", ["1.2.4"], ["1.2.3", "1.2.3-beta"]],
    ["1.2 - 2.3.4", ["1.2.0", "2.3.4"], ["1.1.9", "2.3.5"]],
    ["1.2.0 - 2.3", ["2.3.9"], ["2.4.0"]],
    ["1.x || >=3.1", ["1.5", "3.1"], ["2.0", "3.0.9"]],
    ["*", ["0.0.1", "9999.1"], []],
    ["2026.x", ["2026.01.15", "2026.12.31"], ["2025.12.31", "2027.1.1"]],
    [">=2.0.0-rc.1", ["2.0.0-rc.2", "2.0.0"], ["2.0.0-beta"]],
    ["<2.0.0-rc.1", ["2.0.0-beta"], ["2.0.0-rc.1", "2.0.0"]],
  ] as const
) {
  test(`"${range}" contains ${inside.join(", ")}${outside.length > 0 ? ` and not ${outside.join(", ")}` : ""}`, () => {
    const parsed = parseVersionRange(range);
    assert.ok(parsed);
    for (const version of inside) assert.ok(isInRange(parsed, parseVersion(version)!), version);
    for (const version of outside) assert.ok(!isInRange(parsed, parseVersion(version)!), version);
    // As license files have it.
    const written = writeComparisons(parsed);
    const isContained = (version: string) => written === null || verifier.isInRange(version, written);
    for (const version of inside) assert.ok(isContained(version), `${version} in ${written}`);
    for (const version of outside) assert.ok(!isContained(version), `${version} in ${written}`);
  });
}

for (
  const text of [
    "",
    "||",
    "1.0 ||",
    "two",
    ">",
    ">=2.0.0 <",
    "1.2.3.4.5",
    "1.x.3",
    "2.x-beta",
    ">3 <2",
    ">2.0.0 <2.0.0",
    "<*",
    ">=2,<3",
    "1 - 2 - 3",
    "9999999999999999",
    ">>1",
  ]
) {
  test(`"${text}" is no range`, () => assert.equal(parseVersionRange(text), null));
}
