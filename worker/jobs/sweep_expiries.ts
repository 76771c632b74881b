// Tells of licenses that have ended or will soon.
import type { Context } from "../../server/domain/context.ts";
import { recordExpiries } from "../../server/domain/licenses/expiry_events.ts";

export async function sweepExpiriesJob(ctx: Context) {
  return await recordExpiries(ctx);
}
