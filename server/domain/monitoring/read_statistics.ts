// Statistics for those who may read.
import type { z } from "zod";
import type { Context } from "../context.ts";
import { readAnywhere } from "../replica.ts";
import { requireRole } from "../authorization.ts";
import type { statisticsQuery } from "./inputs.ts";
import { listStatistics, type StatisticRow } from "./statistics.ts";

/** Numbers for a chart, in the order of time. */
export async function readStatistics(
  ctx: Context,
  query: z.infer<typeof statisticsQuery>,
): Promise<StatisticRow[]> {
  requireRole(ctx, "viewer");
  const { measures, span, since, until } = query;
  const wanted = {
    measures,
    span,
    since: new Date(since),
    until: until ? new Date(until) : undefined,
  };
  return await readAnywhere(ctx, (ctx) => listStatistics(ctx, wanted));
}
