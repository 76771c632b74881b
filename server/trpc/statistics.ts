// Statistics over time, expiring licenses and versions in use.
import * as monitoringInput from "../domain/monitoring/inputs.ts";
import { getExpiriesAhead } from "../domain/monitoring/expiries_ahead.ts";
import { readStatistics } from "../domain/monitoring/read_statistics.ts";
import { getVersionsInUse } from "../domain/monitoring/versions.ts";
import { router, viewer } from "./trpc.ts";

export const statisticsRouter = router({
  read: viewer.input(monitoringInput.statisticsQuery).query(({ ctx: { ctx }, input }) =>
    readStatistics(ctx, input)
  ),
  expiriesAhead: viewer.input(monitoringInput.expiriesQuery).query(({ ctx: { ctx }, input }) =>
    getExpiriesAhead(ctx, input.days)
  ),
  versionsInUse: viewer.input(monitoringInput.versionsQuery).query(({ ctx: { ctx }, input }) =>
    getVersionsInUse(ctx, input)
  ),
});
