// Hands new events on to those who want them, and rings for every endpoint that has something due. It looks a few times
// a second, so that nothing depends on a bell that might not have rung.
import type { Context } from "../../server/domain/context.ts";
import { listDueWebhooks, relayEvents } from "../../server/domain/webhooks/fan_out.ts";
import type { JobServices } from "../job_context.ts";

export async function relayEventsJob(ctx: Context, { enqueue }: JobServices) {
  const relayed = await relayEvents(ctx);
  const due = await listDueWebhooks({ ...ctx, now: new Date() });
  await enqueue("webhooks", "deliver_webhooks", due);
  return { relayed, due: due.length };
}
