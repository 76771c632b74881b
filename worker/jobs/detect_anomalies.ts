// Looks for suspicious patterns.
import type { Context } from "../../server/domain/context.ts";
import { detectAnomalies } from "../../server/domain/anomalies/detect.ts";

export async function detectAnomaliesJob(ctx: Context) {
  return { found: await detectAnomalies(ctx) };
}
