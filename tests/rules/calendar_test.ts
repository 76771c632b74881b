// Dates: days are compared, computed and read from outside by server/domain/calendar.ts and server/domain/input_fields.ts
// alone, because as text the year 10000 comes before 1900.
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

const calendar = "server/domain/calendar.ts";
const programs = code.filter(({ path }) => under("server/", "worker/", "cli/", "web/")(path))
  .map(withoutComments);

const day = String.raw`(?:\w+[.?!]+)*(?:day|today|\w+Day|validFrom|validUntil|releaseDate|endsBy)\b!?`;
const compared = new RegExp(String.raw`\b${day}\s+[<>]=?\s|(?<![=<])[<>]=?\s+${day}(?!\s*[=(])`, "g");

test("days are compared by the calendar", () => {
  assertNone(
    programs.filter(({ path }) => path !== calendar)
      // In SQL, between back quotes, they are dates.
      .map(({ path, text }) => ({ path, text: text.replace(/`(?:[^`\\]|\\.)*`/g, blank) }))
      .flatMap((source) => find(source, compared)).map(({ at, found }) => `${at} has ${found[0]}`),
    "Call compareDays() or isBefore() of server/domain/calendar.ts:",
  );
});

test("the days of instants are computed by the calendar", () => {
  assertNone(
    programs.filter(({ path }) => path !== calendar)
      .flatMap((source) => find(source, /toISOString\(\)\s*\.(?:slice|substring)\(0, 10\)/g))
      .map(({ at }) => at),
    "Call dayOf() of server/domain/calendar.ts:",
  );
});

/** Files that describe dates which the server itself writes. */
const answers = under(
  "server/admin/schemas.ts",
  "server/dialects/license_api/fields.ts",
  "server/dialects/upload_bridge/fields.ts",
  "server/domain/events/catalogue/",
  "server/request/wire_admission.ts",
  "server/request/wire_meters.ts",
);

test("dates from outside are read by one schema", () => {
  assertNone(
    programs.filter(({ path }) => path !== "server/domain/input_fields.ts" && !answers(path))
      .flatMap((source) => find(source, /\bz\.(?:iso\.(?:date|datetime|time)|coerce\.date|date)\(/g))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Use `day` or `instant` of server/domain/input_fields.ts:",
  );
});

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
