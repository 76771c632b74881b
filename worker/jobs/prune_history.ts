// Prunes history that is older than its retention setting.
import { pruneRefusedHeartbeats } from "../../server/domain/activations/refused_heartbeats.ts";
import { pruneAnomalies } from "../../server/domain/anomalies/resolve.ts";
import { pruneApiRequests } from "../../server/domain/api_requests/write.ts";
import type { Context } from "../../server/domain/context.ts";
import { pruneEvents } from "../../server/domain/events/prune.ts";
import { pruneNotifications } from "../../server/domain/events/notifications/notify.ts";
import { pruneAlerts } from "../../server/domain/monitoring/alerts.ts";
import { pruneStatistics } from "../../server/domain/monitoring/statistics.ts";
import { pruneDeliveries } from "../../server/domain/webhooks/prune.ts";

export async function pruneHistory(ctx: Context) {
  // Deliveries first: an event that a delivery refers to is not deleted.
  const deliveries = await pruneDeliveries(ctx);
  return {
    deliveries,
    statistics: await pruneStatistics(ctx),
    events: await pruneEvents(ctx),
    refusals: await pruneRefusedHeartbeats(ctx),
    alerts: await pruneAlerts(ctx),
    anomalies: await pruneAnomalies(ctx),
    requests: await pruneApiRequests(ctx),
    notifications: await pruneNotifications(ctx),
  };
}
