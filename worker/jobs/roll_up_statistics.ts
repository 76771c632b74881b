// Brings the statistics up to date.
import type { Context } from "../../server/domain/context.ts";
import { rollUpStatistics } from "../../server/domain/monitoring/statistics.ts";

export async function rollUpStatisticsJob(ctx: Context) {
  return { counted: await rollUpStatistics(ctx) };
}
