// Tells of licenses that crossed a threshold of use.
import type { Context } from "../../server/domain/context.ts";
import { noticeUsage } from "../../server/domain/usage/usage.ts";

export async function noticeUsageJob(ctx: Context) {
  return { crossed: await noticeUsage(ctx) };
}
