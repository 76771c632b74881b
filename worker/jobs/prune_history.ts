// Prunes what is older than the settings say it should be kept.
import { pruneRefusedHeartbeats } from "../../server/domain/activations/refused_heartbeats.ts";
import type { Context } from "../../server/domain/context.ts";
import { pruneEvents } from "../../server/domain/events/prune.ts";
import { pruneStatistics } from "../../server/domain/monitoring/statistics.ts";
import { pruneDeliveries } from "../../server/domain/webhooks/prune.ts";

export async function pruneHistoryJob(ctx: Context) {
  // Deliveries first: events that one refers to are kept.
  const deliveries = await pruneDeliveries(ctx);
  return {
    deliveries,
    statistics: await pruneStatistics(ctx),
    events: await pruneEvents(ctx),
    refusals: await pruneRefusedHeartbeats(ctx),
  };
}
