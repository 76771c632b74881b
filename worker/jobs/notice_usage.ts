// Tells of licenses that crossed a threshold of use.
import type { Context } from "../../server/domain/context.ts";
import { recordThresholds } from "../../server/domain/usage/usage.ts";

export async function noticeUsageJob(ctx: Context) {
  return { crossed: await recordThresholds(ctx) };
}
