// The database's clock is put back: what was seen, leased or planned by the time before lies ahead, and would wait until the
// clock gets there. A scheduled job notices, by the time of its last run, and corrects it.
import { correctHeartbeatsAhead } from "./activations/heartbeat_writes.ts";
import { correctSessionsAhead } from "./administrators/sessions.ts";
import { correctKeyUsesAhead } from "./api_keys/api_keys.ts";
import { type Context, inTransaction } from "./context.ts";
import { advanceJobCursor, correctCursorsAhead, lockJobCursor } from "./job_cursors.ts";
import { correctLeasesAhead } from "./jobs/lease.ts";
import { correctExpiryNoticesAhead } from "./licenses/expiry_events.ts";
import { correctMailsAhead } from "./mail/mail.ts";
import { correctAlertsAhead, updateAlerts } from "./monitoring/alerts.ts";
import { correctQueueCountsAhead } from "./monitoring/health_check.ts";
import { correctSeatsAhead } from "./seats/end.ts";
import { correctDeliveriesAhead } from "./webhooks/lease.ts";

const JOB = "clock";
/** A step back that is corrected; milliseconds. After a smaller one things wait that long at most. */
const MIN_STEP = 60_000;

/** What corrects the times of each kind that are ahead; given by how many milliseconds the clock was put back. */
const corrections: ((ctx: Context, setBackMs: number) => Promise<void>)[] = [
  correctHeartbeatsAhead,
  correctSeatsAhead,
  correctSessionsAhead,
  correctKeyUsesAhead,
  correctLeasesAhead,
  correctCursorsAhead,
  correctExpiryNoticesAhead,
  correctMailsAhead,
  correctDeliveriesAhead,
  correctAlertsAhead,
  correctQueueCountsAhead,
];

/** Corrects what lies ahead if the database's clock was put back since the last run, and tells owners. */
export function followDatabaseClock(ctx: Context): Promise<{ setBackSeconds: number }> {
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
