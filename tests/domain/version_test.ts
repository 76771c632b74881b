// Versions: how they are read, and that their order is total, transitive and that of Semantic Versioning.
import assert from "node:assert/strict";
import fc from "../support/property.ts";
import semver from "semver";
import { channelOf, parseReleaseVersion, parseVersion } from "../../server/domain/releases/version.ts";
import { compareVersions, type Version } from "../../server/domain/version_order.ts";
import { test } from "../support/test.ts";

const part = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 99_999_999 }));
const identifier = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map(String),
  fc.constantFrom("alpha", "beta", "rc", "x", "dev", "beta-x", "x7z"),
);
const suffix = fc.oneof(
  fc.constant(""),
  fc.array(identifier, { minLength: 1, maxLength: 3 }).map((identifiers) => `-${identifiers.join(".")}`),
);
const semantic = fc.tuple(part, part, part, suffix, fc.constantFrom("", "+5", "+build.7"))
  .map(([major, minor, patch, suffix, build]) => `${major}.${minor}.${patch}${suffix}${build}`);
const asReported = fc.tuple(
  fc.constantFrom("", "v", "V", " "),
  fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(".")),
  fc.oneof(
    suffix,
    fc.constantFrom(
      " beta",
      "b2",
      " Beta 2",
      "rc1",
      " (build 4)",
      " Pro",
      "-beta10",
      "-beta9",
      ".0.0",
      "+x",
      "\n",
    ),
  ),
).map((parts) => parts.join(""));
const version = asReported.map((text) => parseVersion(text)!);

function always<T extends [unknown, ...unknown[]]>(
  values: { [Index in keyof T]: fc.Arbitrary<T[Index]> },
  holds: (...values: T) => void,
): void {
  fc.assert(fc.property(...values, holds), { numRuns: 5000, seed: 20261103 });
}
const compare = (a: string, b: string) => Math.sign(compareVersions(parseVersion(a)!, parseVersion(b)!));

test("semantic versions are ordered by Semantic Versioning", () => {
  always([semantic, semantic], (a, b) => {
    assert.equal(compare(a, b), semver.compare(a, b));
    assert.equal(parseVersion(a)!.key, parseReleaseVersion(a)!.version.key);
  });
});

test("the order is total: antisymmetric, and equal exactly for equal keys", () => {
  always([version, version], (a, b) => {
    assert.equal(compareVersions(a, b) + compareVersions(b, a), 0);
    assert.equal(compareVersions(a, b) === 0, a.key === b.key);
  });
});

test("the order is transitive", () => {
  always([version, version, version], (...versions: [Version, Version, Version]) => {
    const [a, b, c] = versions.sort(compareVersions);
    assert.ok(compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0 && compareVersions(a, c) <= 0);
  });
});

test("reading never throws, and reads its own keys", () => {
  always([fc.oneof(fc.string(), fc.string({ unit: "binary" }), asReported)], (text) => {
    const version = parseVersion(text);
    if (version) assert.equal(parseVersion(version.key)!.key, version.key);
    const release = parseReleaseVersion(text);
    if (release) assert.deepEqual(parseReleaseVersion(release.text), release);
  });
});

for (
  const [text, key] of [
    ["1.2.3", "1.2.3"],
    ["v1.2.3", "1.2.3"],
    ["V 1.2.3", "1.2.3"],
    ["v.1.2", "1.2"],
    ["1", "1"],
    ["1.2", "1.2"],
    ["1.2.0.0", "1.2"],
    ["0.0.0", "0"],
    ["10.15.7.1", "10.15.7.1"],
    ["2026.11.03", "2026.11.3"],
    ["1.2.3+build.5", "1.2.3"],
    ["1.2.3 (build 4)", "1.2.3"],
    ["1.2.3 (Beta 4)", "1.2.3-beta.4"],
    ["1.2.3 build 4", "1.2.3"],
    ["1.2.3, x64", "1.2.3"],
    ["1.2.3 Pro", "1.2.3"],
    ["１.２.３", "1.2.3"],
    ["1.9.0foo", "1.9"],
    ["3 apples", "3"],
    ["1.0.2a", "1.0.2"],
    ["1.0 previous", "1"],
    ["2.0 beta", "2-beta"],
    ["2.0 Beta 3", "2-beta.3"],
    ["2.0-beta 3", "2-beta.3"],
    ["2.0.0-beta3", "2-beta.3"],
    ["2.0.0-beta.3", "2-beta.3"],
    ["2.0b3", "2-beta.3"],
    ["2.0rc1", "2-rc.1"],
    ["2.0 Release Candidate 1", "2-rc.1"],
    ["1.0-SNAPSHOT", "1-snapshot"],
    ["1.2.3-x.7.z.92", "1.2.3-x.7.z.92"],
    ["20261103123456", "20261103123456"],
    ["newest", null],
    ["", null],
    ["-1.0.0", null],
    ["release 1.9", null],
    ["1..2", null],
    ["99999999999999999999.0.0", null],
    ["1.2.99999999999999999999", null],
  ] as const
) {
  test(`"${text}" is ${key ?? "no version"}`, () => assert.equal(parseVersion(text)?.key ?? null, key));
}

test("parts count one by one, and beta10 is newer than beta9", () => {
  const ordered = [
    "1.9.0",
    "1.10.0-alpha",
    "1.10.0-beta9",
    "1.10.0-beta10",
    "1.10.0-RC.1",
    "1.10.0",
    "1.10.0.1",
    "1.10.0.10",
    "1.10.1",
    "2026.1.3",
    "2026.11.3",
  ];
  for (let index = 1; index < ordered.length; index++) {
    assert.equal(compare(ordered[index - 1], ordered[index]), -1, ordered[index]);
  }
});

test("the channel is told by the words of a version", () => {
  const channels = [
    "1.0.0",
    "1.0.0-rc.1",
    "2.0 beta",
    "2.0-1",
    "2.0a1",
    "2.0.0-nightly.20261103",
    "1.2.3 (build 4)",
  ]
    .map((text) => channelOf(parseVersion(text)!));
  assert.deepEqual(channels, ["stable", "beta", "beta", "beta", "alpha", "alpha", "stable"]);
});

test("releases have three or four numbers", () => {
  for (
    const text of [
      "1.2",
      "1",
      "1.2.3.4.5",
      "1.2.3 beta",
      "1.2.3foo",
      "1.2.x",
      "1.2.3-",
      "1.2.3-beta..1",
      " 1.2.3",
    ]
  ) {
    assert.equal(parseReleaseVersion(text), null, text);
  }
  const texts = ["v1.2.3", "10.15.7.1", "2026.11.03", "2026.11.3-beta.1", "1.2.3+5"];
  assert.deepEqual(texts.map((text) => parseReleaseVersion(text)?.text), [
    "1.2.3",
    "10.15.7.1",
    "2026.11.03",
    "2026.11.3-beta.1",
    "1.2.3",
  ]);
});
