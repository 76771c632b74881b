// Times of license files: not yet, ended, clocks that are wrong, and files that were seen.
import { type FileCase, fileCase } from "./cases.ts";
import { DAY, fileWith, HOUR, ISSUED } from "./samples.ts";

const at = (text: string) => Date.parse(text) / 1000;
const END = ISSUED + 30 * DAY;

export function timeCases(): Promise<FileCase>[] {
  const file = fileWith();
  const future = fileWith({ nbf: ISSUED + 2 * DAY });
  const timed = (name: string, reason: string, result: string, now: number, trusted = 0, text = file) =>
    fileCase(name, reason, text, result, { now, kept: { trusted } });
  const seen = (name: string, reason: string, result: string, seq: Record<string, number>) =>
    fileCase(name, reason, file, result, { kept: { seq } });
  return [
    timed("at the moment of issue", "It counts at once.", "valid", ISSUED),
    timed("a clock that is a little behind", "An hour is tolerated.", "valid", ISSUED - HOUR),
    timed(
      "a clock that is behind by more than an hour",
      "It was set back.",
      "clock_set_back",
      ISSUED - HOUR - 1,
    ),
    timed("a clock set back by a day", "The file was issued later.", "clock_set_back", ISSUED - DAY),
    timed("a clock at the beginning of 1970", "A battery may be empty.", "clock_set_back", 0),
    timed("a clock before 1970", "A battery may be empty.", "clock_set_back", -1),
    timed(
      "a clock behind what was seen",
      "A later signed time was seen.",
      "clock_set_back",
      ISSUED + DAY,
      ISSUED + DAY + HOUR + 1,
    ),
    timed(
      "a clock an hour behind what was seen",
      "An hour is tolerated.",
      "valid",
      ISSUED + DAY,
      ISSUED + DAY + HOUR,
    ),
    timed(
      "trusted time after the end",
      "The later of clock and trusted time counts.",
      "file_ended",
      END - 60,
      END + 60,
    ),
    timed(
      "trusted time at the end",
      "The later of clock and trusted time counts.",
      "file_ended",
      END - 1,
      END,
    ),
    timed(
      "trusted time before the issue",
      "The time of the file counts then.",
      "valid",
      ISSUED + DAY,
      ISSUED - 9 * DAY,
    ),
    timed("before nbf", "It is not valid yet.", "not_yet_valid", ISSUED + 2 * DAY - HOUR - 1, 0, future),
    timed("an hour before nbf", "An hour is tolerated.", "valid", ISSUED + 2 * DAY - HOUR, 0, future),
    timed(
      "trusted time after nbf",
      "The later of clock and trusted time counts.",
      "valid",
      ISSUED + 2 * DAY - HOUR - 60,
      ISSUED + 2 * DAY - HOUR,
      future,
    ),
    timed("the last second", "It counts until before exp.", "valid", END - 1),
    timed("at exp", "It has ended.", "file_ended", END),
    timed("a day after exp", "It has ended.", "file_ended", END + DAY),
    timed(
      "a file that has ended when it was issued",
      "It has ended.",
      "file_ended",
      ISSUED,
      0,
      fileWith({ exp: ISSUED }),
    ),
    timed(
      "a clock set forward by a year",
      "A clock that is ahead only shortens.",
      "file_ended",
      ISSUED + 365 * DAY,
    ),
    timed("in the year 9999", "Large times are times.", "file_ended", at("9999-12-31T23:59:59Z")),
    timed("a clock after the year 9999", "It is a number still.", "file_ended", Number.MAX_SAFE_INTEGER),
    timed(
      "a file until 9999",
      "Its end is far.",
      "valid",
      at("2500-01-01T00:00:00Z"),
      0,
      fileWith({ exp: at("9999-12-31T23:59:59Z") }),
    ),
    seen("seq as seen", "The same file is no older one.", "valid", { 34: ISSUED }),
    seen("seq above what was seen", "It is a newer file.", "valid", { 34: ISSUED - 1 }),
    seen("seq below what was seen", "An old file was put back.", "older_file", { 34: ISSUED + 1 }),
    seen("seq of another activation", "Numbers are those of one activation.", "valid", { 35: ISSUED + 9 }),
    fileCase(
      "an old file on another device",
      "The device comes first.",
      file,
      "other_machine",
      { device: { fingerprint: "other", components: {} }, kept: { seq: { 34: ISSUED + 1 } } },
    ),
    fileCase("an old file of another product", "The product comes first.", file, "other_product", {
      app: { product: "other-app" },
      kept: { seq: { 34: ISSUED + 1 } },
    }),
    fileCase("a clock set back on another device", "The clock comes first.", file, "clock_set_back", {
      now: ISSUED - DAY,
      device: { fingerprint: "other", components: {} },
    }),
    fileCase("an old file that has ended", "Old files come first.", file, "older_file", {
      now: END,
      kept: { seq: { 34: ISSUED + 1 } },
    }),
  ];
}
