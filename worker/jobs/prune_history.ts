// Prunes what is older than the settings say it should be kept.
import { forgetRefusedSigns } from "../../server/domain/activations/heartbeat.ts";
import type { Context } from "../../server/domain/context.ts";
import { pruneHistory } from "../../server/domain/history.ts";

export async function pruneHistoryJob(ctx: Context) {
  return { ...await pruneHistory(ctx), refusals: await forgetRefusedSigns(ctx) };
}
