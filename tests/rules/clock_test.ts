// The database's clock is the one clock. Programs read it from `db/clock.ts`; the wall clock of their machine may be wrong.
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

/** Where the machine's own clock is read, and why. */
const exceptions: Record<string, string> = {
  "db/clock.ts": "compares the machine's clock with the database's",
  "db/tracing.ts": "spans have the time of the machine, as Deno gives it to the others",
  "db/embedded/child_process.ts": "waits for programs that are not the database yet",
  "server/request/log.ts": "lines have the time of the machine, as the other logs on it",
};

const programs = code.filter(({ path }) => under("db/", "server/", "worker/", "cli/")(path)).map(
  withoutComments,
);
const wallClock =
  /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bTemporal\.Now\b|\bperformance\.timeOrigin\b/g;

test("programs read the database's clock, not that of their machine", () => {
  assertNone(
    programs.filter(({ path }) => !(path in exceptions)).flatMap((source) => find(source, wallClock))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Use ctx.now, request.now, services.clock.now() or readDatabaseTime() of db/clock.ts:",
  );
});

test("every exception is still needed", () => {
  assertNone(
    Object.keys(exceptions).filter((path) =>
      !programs.some((source) => source.path === path && find(source, wallClock).length > 0)
    ),
    "Remove it from tests/rules/clock_test.ts:",
  );
});
