// Inserts the deliveries of new events and enqueues a job for every endpoint that has deliveries due. It runs several
// times a second, so a job that was lost in Redis is enqueued again.
import type { Context } from "../../server/domain/context.ts";
import { listDueWebhooks, relayEvents } from "../../server/domain/webhooks/fan_out.ts";
import type { JobServices } from "../job_services.ts";

export async function relayEventsJob(ctx: Context, { enqueue }: JobServices) {
  const relayed = await relayEvents(ctx);
  const due = await listDueWebhooks({ ...ctx, now: new Date() });
  await enqueue("webhooks", "deliver_webhooks", due);
  return { relayed, due: due.length };
}
