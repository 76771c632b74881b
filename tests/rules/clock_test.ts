// The database's clock is the one clock. Programs read it from `db/clock.ts`; the wall clock of their machine may be wrong.
// When the database's own is put back, no time that was written before may be waited for.
import { test } from "../support/test.ts";
import { assertNone, code, find, sourceOf, under, withoutComments } from "./source.ts";

/** Times that are waited for, or that later ones are compared with, by their names. */
const waitedFor =
  /^(?:next_.*_at|next_.*_on|due_at|resume_at|leased_until|last_.*|failing_since|processed_until|measured_at)$/;

/** Such times that are not corrected when the database's clock is put back, and why. */
const uncorrected: Record<string, string> = {
  "administrator_identities.last_used_at": "only shown",
  "administrator_passkeys.last_used_at": "only shown",
  "administrators.last_seen_at": "only shown",
  "anomalies.last_seen_at": "only shown",
  "notifications.last_at": "shown, and long ago when it counts",
  "job_schedules.next_run_at": "a job is due when its next run is further ahead than its period",
  "process_clocks.measured_at": "a measurement that is ahead does not count and is deleted",
};

/** Where the machine's own clock is read, and why. */
const exceptions: Record<string, string> = {
  "cli/latchkey/values.ts": "what a person calls ten minutes ago is by their own clock",
  "db/clock.ts": "compares the machine's clock with the database's",
  "db/tracing.ts": "spans have the time of the machine, as Deno gives it to the others",
  "db/embedded/child_process.ts": "waits for programs that are not the database yet",
  "server/request/log.ts": "lines have the time of the machine, as the other logs on it",
  "server/request/log_writer.ts": "the same",
};

const programs = code.filter(({ path }) => under("db/", "server/", "worker/", "cli/")(path)).map(
  withoutComments,
);
const wallClock =
  /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bTemporal\.Now\b|\bperformance\.timeOrigin\b|\bsetIssuedAt\(\s*\)/g;

test("programs read the database's clock, not that of their machine", () => {
  assertNone(
    programs.filter(({ path }) => !(path in exceptions)).flatMap((source) => find(source, wallClock))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Use ctx.now, request.now, services.clock.now() or readDatabaseTime() of db/clock.ts:",
  );
});

test("times that are waited for are corrected when the database's clock is put back", () => {
  const schema = Deno.readTextFileSync(new URL("../../db/schema.sql", import.meta.url));
  const columns = [...schema.matchAll(/^CREATE TABLE (\w+) \(\n([^]*?)\n\)/gim)].flatMap(([, table, body]) =>
    [...body.matchAll(/^ +(\w+) (?:timestamp|timestamptz|date)\b/gm)].map(([, column]) => ({ table, column }))
  ).filter(({ column }) => waitedFor.test(column));
  const job = sourceOf("worker/jobs/follow_clock.ts");
  const corrections = programs.flatMap(({ text }) =>
    [...text.matchAll(/^export async function (correct\w+Ahead)\([^]*?^\}/gm)]
      .filter(([, name]) => job.includes(`  ${name},`)).map(([text]) => text)
  ).flatMap((text) => text.match(/update \w+\n[^`]*/g) ?? []);
  assertNone(
    columns.filter(({ table, column }) =>
      !(`${table}.${column}` in uncorrected) &&
      !corrections.some((text) =>
        new RegExp(`^update ${table}\\s`).test(text) && new RegExp(`\\b${column} =`).test(text)
      )
    ).map(({ table, column }) => `${table}.${column}`),
    "Correct it in a function of worker/jobs/follow_clock.ts, or say in this test why not:",
  );
  assertNone(
    Object.keys(uncorrected).filter((name) =>
      !columns.some(({ table, column }) => name === `${table}.${column}`)
    ),
    "Remove it from `uncorrected`:",
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
