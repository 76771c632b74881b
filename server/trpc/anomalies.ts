// Anomalies: list, counts and resolution.
import { getAnomalyStats, listAnomalies, resolveAnomaly } from "../domain/anomalies/resolve.ts";
import * as anomalyInput from "../domain/anomalies/inputs.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const anomaliesRouter = router({
  list: viewer.input(anomalyInput.anomalyList).query(({ ctx: { ctx }, input }) => listAnomalies(ctx, input)),
  stats: viewer.query(({ ctx: { ctx } }) => getAnomalyStats(ctx)),
  resolve: manager.input(oneId.extend(anomalyInput.resolution.shape)).mutation(({ ctx: { ctx }, input }) =>
    resolveAnomaly(ctx, { id: input.id, note: input.note })
  ),
});
