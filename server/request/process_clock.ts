// The clock of a process, server or worker: the database's time, with its own difference logged and reported.
import { hostname } from "node:os";
import { type Clock, startClock } from "../../db/clock.ts";
import type { Database } from "../../db/connect.ts";
import {
  deleteProcessClock,
  describeClockDifference,
  isClockWrong,
  type ProcessClockRow,
  saveProcessClock,
} from "../domain/monitoring/process_clocks.ts";
import type { Log } from "./log.ts";

/** How often the difference is reported while it does not change much; milliseconds. */
const REPORT_INTERVAL = 15_000;
/** A change that is reported at once; milliseconds. */
const REPORTED_CHANGE = 1000;

export interface ProcessClock extends Clock {
  close(): Promise<void>;
}

/** Starts it. `now()` is right when this resolves, if the database answers. */
export async function startProcessClock(
  db: Database,
  log: Log,
  kind: ProcessClockRow["kind"],
): Promise<ProcessClock> {
  const processId = crypto.randomUUID();
  const machine = hostname();
  let reported: { differenceMs: number; at: number } | null = null;
  let writing: Promise<void> | null = null;

  function report(clock: Clock): void {
    const differenceMs = clock.difference();
    const at = performance.now();
    const hasChanged = Math.abs(differenceMs - (reported?.differenceMs ?? 0)) > REPORTED_CHANGE;
    if (hasChanged && isClockWrong(differenceMs)) {
      log.warn(`the clock of this machine is ${describeClockDifference(differenceMs)}, whose time is used`, {
        difference_ms: differenceMs,
      });
    } else if (hasChanged && isClockWrong(reported?.differenceMs ?? 0)) {
      log.info("the clock of this machine is right again", { difference_ms: differenceMs });
    }
    if (writing || (reported && !hasChanged && at - reported.at < REPORT_INTERVAL)) return;
    reported = { differenceMs, at };
    writing = saveProcessClock(db, { processId, kind, machine, differenceMs, measuredAt: clock.now() })
      // Reported again with the next measurement.
      .catch(() => void (reported = reported && { ...reported, at: -Infinity }))
      .finally(() => writing = null);
  }

  const clock = await startClock(db, report);
  return {
    now: clock.now,
    difference: clock.difference,
    async close() {
      clock.close();
      await writing;
      await deleteProcessClock(db, processId).catch(() => {});
    },
  };
}
