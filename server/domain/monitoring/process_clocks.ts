// How far the clock of each process is from the database's. A process reports its own; owners are alerted of a large
// difference, because everything else on that machine has the wrong time.
import type { Db } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import type { AlertCondition } from "./alerts.ts";

/** A row of `process_clocks`. */
export interface ProcessClockRow {
  processId: string;
  kind: "server" | "worker";
  machine: string;
  differenceMs: number;
  measuredAt: Date;
}

/** A difference that is logged and raises an alert; milliseconds. */
export const MAX_CLOCK_DIFFERENCE = 5000;

export function isClockWrong(differenceMs: number): boolean {
  return Math.abs(differenceMs) > MAX_CLOCK_DIFFERENCE;
}

/** "86,400 s ahead of the database clock" */
export function describeClockDifference(differenceMs: number): string {
  const seconds = Math.abs(Math.round(differenceMs / 1000)).toLocaleString("en");
  return `${seconds} s ${differenceMs > 0 ? "ahead of" : "behind"} the database clock`;
}

/** Saves what a process measured. */
export async function saveProcessClock(db: Db, clock: ProcessClockRow): Promise<void> {
  await db`
    insert into process_clocks (process_id, kind, machine, difference_ms, measured_at)
    values (${clock.processId}, ${clock.kind}, ${clock.machine}, ${clock.differenceMs}, ${clock.measuredAt})
    on conflict on constraint process_clocks_pkey do update
    set difference_ms = excluded.difference_ms, measured_at = excluded.measured_at`;
}

/** Removes a process that ends. */
export async function deleteProcessClock(db: Db, processId: string): Promise<void> {
  await db`
    delete from process_clocks
    where process_id = ${processId}`;
}

/** Deletes what processes that are gone reported, and what was reported before the database's clock was put back. */
export async function deleteOldProcessClocks(ctx: Context): Promise<void> {
  await ctx.db`
    delete from process_clocks
    where measured_at < ${ctx.now}::timestamptz - interval '10 minutes'
      or measured_at > ${ctx.now}::timestamptz + interval '1 minute'`;
}

/** The clocks of running processes. */
export async function listProcessClocks(ctx: Pick<Context, "db" | "now">): Promise<ProcessClockRow[]> {
  return await ctx.db<ProcessClockRow[]>`
    select *
    from process_clocks
    where measured_at between ${ctx.now}::timestamptz - interval '1 minute'
      and ${ctx.now}::timestamptz + interval '1 minute'
    order by machine, kind, process_id`;
}

/** An alert for each machine whose clock is wrong. */
export async function clockConditions(ctx: Context): Promise<AlertCondition[]> {
  const wrong = (await listProcessClocks(ctx)).filter(({ differenceMs }) => isClockWrong(differenceMs));
  const byMachine = new Map(wrong.map((clock) => [clock.machine, clock]));
  return [...byMachine.values()].map(({ machine, differenceMs }) => ({
    kind: "clock",
    subject: machine,
    severity: "warning",
    message: `The clock of ${machine} is ${describeClockDifference(differenceMs)}; ` +
      "check its time synchronisation (NTP)",
  }));
}
