// Corrects what lies ahead after the database's clock was put back. What is waited for until a time is in this list.
import { correctHeartbeatsAhead } from "../../server/domain/activations/heartbeat_writes.ts";
import { correctSessionsAhead } from "../../server/domain/administrators/sessions.ts";
import { correctKeyUsesAhead } from "../../server/domain/api_keys/api_keys.ts";
import { correctCursorsAhead } from "../../server/domain/job_cursors.ts";
import { correctLeasesAhead } from "../../server/domain/jobs/lease.ts";
import { correctExpiryNoticesAhead } from "../../server/domain/licenses/expiry_events.ts";
import { correctLeaseChecksAhead } from "../../server/domain/licenses/lease_checks.ts";
import { correctMailsAhead } from "../../server/domain/mail/mail.ts";
import { correctReservationsAhead } from "../../server/domain/meters/close_lapsed.ts";
import { correctAlertsAhead } from "../../server/domain/monitoring/alerts.ts";
import { correctQueueCountsAhead } from "../../server/domain/monitoring/health_check.ts";
import { correctSeatsAhead } from "../../server/domain/seats/end.ts";
import { correctTicketsAhead } from "../../server/domain/seats/tickets.ts";
import { correctDeliveriesAhead } from "../../server/domain/webhooks/lease.ts";
import { type ClockCorrection, followDatabaseClock } from "../../server/domain/clock_set_back.ts";
import type { Context } from "../../server/domain/context.ts";

const corrections: ClockCorrection[] = [
  correctHeartbeatsAhead,
  correctLeaseChecksAhead,
  correctSeatsAhead,
  correctTicketsAhead,
  correctSessionsAhead,
  correctKeyUsesAhead,
  correctLeasesAhead,
  correctCursorsAhead,
  correctExpiryNoticesAhead,
  correctMailsAhead,
  correctReservationsAhead,
  correctDeliveriesAhead,
  correctAlertsAhead,
  correctQueueCountsAhead,
];

export function followClock(ctx: Context): Promise<{ setBackSeconds: number }> {
  return followDatabaseClock(ctx, corrections);
}
