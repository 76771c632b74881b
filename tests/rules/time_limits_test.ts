// Nothing waits for the database without a limit: one file uses the driver, and every pool names its limits. Rate limits
// are built in one file.
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

const sources = code.filter(({ path }) => under("server/", "worker/", "db/", "cli/")(path)).map(
  withoutComments,
);

test("one file makes instances of the driver", () => {
  assertNone(
    sources.filter(({ path }) => path !== "db/driver.ts")
      .flatMap((source) => find(source, /(?<!["/])\bpostgres\((?!ql\))/g)).map(({ at }) => at),
    "Use connect() of db/connect.ts, whose statements have deadlines:",
  );
});

test("every pool names its limits on time", () => {
  assertNone(
    sources.filter(({ path }) => path !== "db/connect.ts")
      .flatMap((source) => find(source, /(?<![.\w])connect\([^;]*?name: "[^;]*?\)/g))
      .filter(({ found }) => !/\blimits\b/.test(found[0])).map(({ at }) => at),
    "Give connect() one of db/time_limits.ts:",
  );
});

test("rate limits are built in one file", () => {
  assertNone(
    sources.filter(({ path }) =>
      !["server/request/limits.ts", "server/request/rate_limit_counters.ts"].includes(path)
    )
      .flatMap((source) =>
        find(source, /kind: "(?:window|bucket)", (?:max|windowMs)|kind: "(?:window|bucket)",\n/g)
      ).map(({ at }) => at),
    "Build it in server/request/limits.ts:",
  );
});
