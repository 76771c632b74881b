// Terms of license files: the last day, grace, what applies after it, and the app's version.
import { type Differing, type FileCase, fileCase } from "./cases.ts";
import { DAY, fileWith, ISSUED } from "./samples.ts";

const at = (text: string) => Date.parse(text) / 1000;
const END = ISSUED + 30 * DAY;
const AFTER = at("2026-03-20T00:00:00Z");
const ends = { license_ends: "2026-03-10" };

export function termCases(): Promise<FileCase>[] {
  const graced = fileWith({ ...ends, grace_ends: "2026-03-17" });
  const refused = fileWith(ends);
  const allowed = fileWith({ ...ends, after_expiry: "allow" });
  const entitled = fileWith({ ...ends, after_expiry: "entitled_versions" });
  const updated = fileWith({ ...ends, after_expiry: "entitled_versions", updates_until: "2026-02-20" });
  const updates = fileWith({ updates_until: "2026-02-20" });
  const ranged = fileWith({ versions: ">=2.0.0 <3.0.0", updates_until: "2026-02-20" });
  const on = (
    name: string,
    reason: string,
    result: string,
    file: Promise<string>,
    now: string | number,
    given: Differing & { released?: string | null } = {},
  ) => {
    const { released = "2026-02-15", ...more } = given;
    const time = typeof now === "number" ? now : at(now);
    return fileCase(name, reason, file, result, { now: time, app: { released }, ...more });
  };
  return [
    on(
      "the last second of the last day",
      "Days are inclusive, in UTC.",
      "valid",
      graced,
      "2026-03-10T23:59:59Z",
    ),
    on("the first second after the last day", "Grace begins.", "grace", graced, "2026-03-11T00:00:00Z"),
    on("the last second of grace", "Days are inclusive, in UTC.", "grace", graced, "2026-03-17T23:59:59Z"),
    on("the first second after grace", "It has expired.", "license_ended", graced, "2026-03-18T00:00:00Z"),
    on(
      "after the last day without grace",
      "It has expired.",
      "license_ended",
      refused,
      "2026-03-11T00:00:00Z",
    ),
    on(
      "trusted time in grace",
      "The day is that of the later time.",
      "grace",
      graced,
      "2026-03-10T23:30:00Z",
      {
        kept: { trusted: at("2026-03-11T00:10:00Z") },
      },
    ),
    on(
      "grace of a license that never expires",
      "The last day comes first.",
      "valid",
      fileWith({ grace_ends: "2026-02-01" }),
      ISSUED,
    ),
    on(
      "in grace, when use is allowed after it",
      "Grace comes first.",
      "grace",
      fileWith({ ...ends, grace_ends: "2026-03-17", after_expiry: "allow" }),
      "2026-03-12T00:00:00Z",
    ),
    on("after the last day, when that is allowed", "The license may be used on.", "valid", allowed, AFTER),
    on("after the last day, a release of its time", "Its versions may be used on.", "valid", entitled, AFTER),
    on("after the last day, a release of the last day", "Days are inclusive.", "valid", entitled, AFTER, {
      released: "2026-03-10",
    }),
    on(
      "after the last day, a later release",
      "It came after the license.",
      "released_later",
      entitled,
      AFTER,
      {
        released: "2026-03-11",
      },
    ),
    on(
      "after the last day, a release of an unknown day",
      "It counts as included.",
      "valid",
      entitled,
      AFTER,
      {
        released: null,
      },
    ),
    on(
      "before the last day, a later release",
      "The license covers it still.",
      "valid",
      entitled,
      "2026-03-10T12:00:00Z",
      { released: "2026-03-11" },
    ),
    on("after the last day, a release within its updates", "Days are inclusive.", "valid", updated, AFTER, {
      released: "2026-02-20",
    }),
    on(
      "after the last day, a release after its updates",
      "It is not included.",
      "released_later",
      updated,
      AFTER,
      { released: "2026-02-21" },
    ),
    on(
      "before the last day, a release after its updates",
      "It is not included.",
      "released_later",
      updated,
      "2026-03-05T00:00:00Z",
      { released: "2026-02-21" },
    ),
    on("updates until, a release of that day", "Days are inclusive.", "valid", updates, ISSUED, {
      released: "2026-02-20",
    }),
    on("updates until, a later release", "It is not included.", "released_later", updates, ISSUED, {
      released: "2026-02-21",
    }),
    on("updates until, a release of an unknown day", "It counts as included.", "valid", updates, ISSUED, {
      released: null,
    }),
    on(
      "a license that has ended, in a file that has ended",
      "The file comes first.",
      "file_ended",
      refused,
      END,
    ),
    on(
      "after exp, although use is allowed",
      "The file has ended, whatever the license allows.",
      "file_ended",
      allowed,
      END,
    ),
    on("a version of the range", "It is included.", "valid", ranged, ISSUED),
    on("the version after the range", "It is not included.", "version_not_covered", ranged, ISSUED, {
      app: { version: "3.0.0" },
    }),
    on(
      "a version and a release that are not included",
      "The version comes first.",
      "version_not_covered",
      ranged,
      ISSUED,
      { app: { version: "3.0.0", released: "2026-02-21" } },
    ),
    on(
      "a file that has ended, and another version",
      "The end comes before the version.",
      "file_ended",
      ranged,
      END,
      { app: { version: "3.0.0" } },
    ),
    on(
      "a license that has ended, and another version",
      "The version comes first.",
      "version_not_covered",
      fileWith({ ...ends, versions: "<2.0.0" }),
      AFTER,
    ),
    ...versions.map(([range, version, isCovered]) =>
      fileCase(
        `version ${version || "of nothing"} of ${range || "nothing"}`,
        isCovered ? "The range has it, or it is none that can be read." : "The range does not have it.",
        fileWith({ versions: range }),
        isCovered ? "valid" : "version_not_covered",
        { app: { version, released: null } },
      )
    ),
  ];
}

const two = ">=2.0.0 <3.0.0 || >=4.1.0 <4.2.0";
const versions: [range: string, version: string, isCovered: boolean][] = [
  [">=2.0.0 <3.0.0", "2.0.0", true],
  [">=2.0.0 <3.0.0", "1.9.9", false],
  [">=2.0.0 <3.0.0", "2.9.9.9", true],
  [">=2.0.0 <3.0.0", "2", true],
  [">=2.0.0 <3.0.0", "v2.5", true],
  [">=2.0.0 <3.0.0", "2.5+build.7", true],
  [">=2.0.0 <3.0.0", "2.0.0-beta", true],
  [">=2.0.0 <3.0.0", "3.0.0-beta", false],
  [">=2.0.0 <3.0.0", "3", false],
  [">=2.0.0 <3.0.0", "1.99", false],
  [">=2.0.0 <3.0.0", "10.0.0", false],
  [">=2.0.0 <3.0.0", "unknown", true],
  [">=2.0.0 <3.0.0", "", true],
  [two, "4.1.7", true],
  [two, "3.5", false],
  [">1.2.3 <=1.2.4", "1.2.3", false],
  [">1.2.3 <=1.2.4", "1.2.4", true],
  [">=2.0.0-rc.2", "2.0.0-rc2", true],
  [">=2.0.0-rc.2", "2.0.0-RC.10", true],
  [">=2.0.0-rc.2", "2.0.0-rc.1", false],
  [">=2.0.0-rc.2", "2.0.0-rc", false],
  [">=2.0.0-rc.2", "2.0.0-beta.9", false],
  [">=2.0.0-rc.2", "2.0.0", true],
  [">=2.0.0-rc", "2.0.0-1", false],
  ["<2.0.0-rc.1", "2.0.0-beta", true],
];
