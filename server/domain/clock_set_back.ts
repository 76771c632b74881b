// The database's clock is put back: what was seen, leased or planned by the time before lies ahead, and would wait until the
// clock gets there. A scheduled job notices by the time of its last run.
import { type Context, inTransaction } from "./context.ts";
import { advanceJobCursor, lockJobCursor } from "./job_cursors.ts";
import { updateAlerts } from "./monitoring/alerts.ts";

const JOB = "clock";
/** A step back that is corrected; milliseconds. After a smaller one things wait that long at most. */
const MIN_STEP = 60_000;

/** Corrects the times of one kind that are ahead; given by how many milliseconds the clock was put back. */
export type ClockCorrection = (ctx: Context, setBackMs: number) => Promise<void>;

/** Corrects what lies ahead if the database's clock was put back since the last run, and tells owners. */
export function followDatabaseClock(
  ctx: Context,
  corrections: ClockCorrection[],
): Promise<{ setBackSeconds: number }> {
  return inTransaction(ctx, async (ctx) => {
    const last = await lockJobCursor(ctx, JOB, ctx.now);
    const setBackMs = last.getTime() - ctx.now.getTime();
    if (setBackMs < MIN_STEP) {
      await advanceJobCursor(ctx, JOB);
      return { setBackSeconds: 0 };
    }
    for (const correct of corrections) await correct(ctx, setBackMs);
    const setBackSeconds = Math.round(setBackMs / 1000);
    await updateAlerts(ctx, [{
      kind: "clock",
      subject: "database",
      severity: "critical",
      message: `The database's clock was put back by ${setBackSeconds.toLocaleString("en")} s; ` +
        "what was recorded before has later times. Check its time synchronisation (NTP)",
    }]);
    return { setBackSeconds };
  });
}
