// Anomalies: list, one of them, counts, resolving and reopening.
import {
  getAnomaly,
  getAnomalyStats,
  listAnomalies,
  reopenAnomaly,
  resolveAnomaly,
} from "../domain/anomalies/resolve.ts";
import * as anomalyInput from "../domain/anomalies/inputs.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const anomaliesRouter = router({
  list: viewer.input(anomalyInput.anomalyList).query(({ ctx: { ctx }, input }) => listAnomalies(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getAnomaly(ctx, input.id)),
  stats: viewer.query(({ ctx: { ctx } }) => getAnomalyStats(ctx)),
  resolve: manager.input(oneId.extend(anomalyInput.resolution.shape)).mutation(({ ctx: { ctx }, input }) =>
    resolveAnomaly(ctx, { id: input.id, note: input.note })
  ),
  reopen: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => reopenAnomaly(ctx, input)),
});
