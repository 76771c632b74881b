// Times: not yet, ended, grace, what applies after the license, and clocks that are wrong.
import { type Case, fileCase, type FileGiven } from "./cases.ts";
import { DAY, fileWith, HOUR, ISSUED } from "./samples.ts";

const at = (text: string) => Date.parse(text) / 1000;
const END = ISSUED + 30 * DAY;

export async function timeCases(): Promise<Case<FileGiven, string>[]> {
  const file = await fileWith();
  const ending = { license_ends: "2026-03-10", grace_ends: "2026-03-17" };
  const graced = await fileWith(ending);
  const refused = await fileWith({ license_ends: "2026-03-10" });
  const allowed = await fileWith({ license_ends: "2026-03-10", after_expiry: "allow" });
  const kept = await fileWith({ license_ends: "2026-03-10", after_expiry: "entitled_versions" });
  const updated = await fileWith({
    license_ends: "2026-03-10",
    after_expiry: "entitled_versions",
    updates_until: "2026-02-20",
  });
  const future = await fileWith({ nbf: ISSUED + 2 * DAY });
  const ranged = await fileWith({ versions: ">=2.0.0 <3.0.0", updates_until: "2026-02-20" });
  const timed = (name: string, reason: string, text: string, expected: string, now: number, given = {}) =>
    fileCase(name, reason, text, expected, { now, ...given });
  return [
    timed("at the moment of issue", "It counts at once.", file, "valid", ISSUED),
    timed("a clock that is a little behind", "An hour is tolerated.", file, "valid", ISSUED - HOUR),
    timed(
      "a clock that is behind by more than an hour",
      "It was set back.",
      file,
      "clock_tampered",
      ISSUED - HOUR - 1,
    ),
    timed("a clock set back by a day", "The file was issued later.", file, "clock_tampered", ISSUED - DAY),
    timed("a clock at the beginning of 1970", "A battery may be empty.", file, "clock_tampered", 0),
    timed(
      "a clock behind what was seen",
      "A later signed time was seen.",
      file,
      "clock_tampered",
      ISSUED + DAY,
      { trusted: ISSUED + DAY + HOUR + 1 },
    ),
    timed("a clock an hour behind what was seen", "An hour is tolerated.", file, "valid", ISSUED + DAY, {
      trusted: ISSUED + DAY + HOUR,
    }),
    timed(
      "trusted time after the end",
      "The later of clock and trusted time counts.",
      file,
      "expired",
      END - 60,
      { trusted: END + 60 },
    ),
    timed("trusted time before the issue", "The time of the file counts then.", file, "valid", ISSUED + DAY, {
      trusted: ISSUED - 9 * DAY,
    }),
    timed("before nbf", "It is not valid yet.", future, "clock_tampered", ISSUED + 2 * DAY - HOUR - 1),
    timed("an hour before nbf", "An hour is tolerated.", future, "valid", ISSUED + 2 * DAY - HOUR),
    timed("the last second", "It counts until before exp.", file, "valid", END - 1),
    timed("at exp", "It has ended.", file, "expired", END),
    timed("a day after exp", "It has ended.", file, "expired", END + DAY),
    timed(
      "a clock set forward by a year",
      "A clock that is ahead only shortens.",
      file,
      "expired",
      ISSUED + 365 * DAY,
    ),
    timed("in the year 9999", "Large times are times.", file, "expired", at("9999-12-31T23:59:59Z")),
    timed(
      "a file until 9999",
      "Its end is far.",
      await fileWith({ exp: at("9999-12-31T23:59:59Z") }),
      "valid",
      at("2500-01-01T00:00:00Z"),
    ),
    timed(
      "the last second of the last day",
      "Days are inclusive, in UTC.",
      graced,
      "valid",
      at("2026-03-10T23:59:59Z"),
    ),
    timed(
      "the first second after the last day",
      "Grace begins.",
      graced,
      "grace",
      at("2026-03-11T00:00:00Z"),
    ),
    timed(
      "the last second of grace",
      "Days are inclusive, in UTC.",
      graced,
      "grace",
      at("2026-03-17T23:59:59Z"),
    ),
    timed(
      "the first second after grace",
      "The license has expired.",
      graced,
      "expired",
      at("2026-03-18T00:00:00Z"),
    ),
    timed(
      "after the last day without grace",
      "The license has expired.",
      refused,
      "expired",
      at("2026-03-11T00:00:00Z"),
    ),
    timed(
      "trusted time in grace",
      "The day is that of the later time.",
      graced,
      "grace",
      at("2026-03-10T23:30:00Z"),
      { trusted: at("2026-03-11T00:10:00Z") },
    ),
    timed(
      "after the last day, when that is allowed",
      "The license may be used on.",
      allowed,
      "valid",
      at("2026-03-20T00:00:00Z"),
    ),
    timed(
      "after the last day, a release of its time",
      "Its versions may be used on.",
      kept,
      "valid",
      at("2026-03-20T00:00:00Z"),
    ),
    timed(
      "after the last day, a release of the last day",
      "Days are inclusive.",
      kept,
      "valid",
      at("2026-03-20T00:00:00Z"),
      { app: { released: "2026-03-10" } },
    ),
    timed(
      "after the last day, a later release",
      "It came after the license.",
      kept,
      "version_not_entitled",
      at("2026-03-20T00:00:00Z"),
      { app: { released: "2026-03-11" } },
    ),
    timed(
      "before the last day, a later release",
      "The license covers it still.",
      kept,
      "valid",
      at("2026-03-10T12:00:00Z"),
      { app: { released: "2026-03-11" } },
    ),
    timed(
      "updates until, a release of that day",
      "Days are inclusive.",
      updated,
      "valid",
      at("2026-03-20T00:00:00Z"),
      { app: { released: "2026-02-20" } },
    ),
    timed(
      "updates until, a later release",
      "It is not included.",
      updated,
      "version_not_entitled",
      at("2026-03-05T00:00:00Z"),
      { app: { released: "2026-02-21" } },
    ),
    timed(
      "after exp, although use is allowed",
      "The file has ended, whatever the license allows.",
      allowed,
      "expired",
      END,
    ),
    timed("a version in the range", "It is included.", ranged, "valid", ISSUED + DAY),
    timed("the first version of the range", "It is included.", ranged, "valid", ISSUED + DAY, {
      app: { version: "2.0.0" },
    }),
    timed(
      "the version after the range",
      "It is not included.",
      ranged,
      "version_not_entitled",
      ISSUED + DAY,
      {
        app: { version: "3.0.0" },
      },
    ),
    timed("a version before the range", "It is not included.", ranged, "version_not_entitled", ISSUED + DAY, {
      app: { version: "1.9.9" },
    }),
    timed("expired comes before the version", "The order of the checks.", ranged, "expired", END, {
      app: { version: "3.0.0" },
    }),
    timed("seq as seen", "The same file is no older one.", file, "valid", ISSUED + DAY, {
      seen: { 34: ISSUED },
    }),
    timed("seq below what was seen", "An old file was put back.", file, "invalid", ISSUED + DAY, {
      seen: { 34: ISSUED + 1 },
    }),
    timed("seq of another activation", "Numbers are those of one activation.", file, "valid", ISSUED + DAY, {
      seen: { 35: ISSUED + 9 },
    }),
  ];
}
