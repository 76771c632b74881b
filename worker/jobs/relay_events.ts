// Inserts the deliveries of new events and enqueues a job for every endpoint that has deliveries due. It runs several
// times a second, so a job that was lost in Redis is enqueued again.
import type { Context } from "../../server/domain/context.ts";
import { relayEvents } from "../../server/domain/webhooks/fan_out.ts";
import { listDueWebhooks } from "../../server/domain/webhooks/lease.ts";
import type { JobServices } from "../job_services.ts";

export async function relayEventsJob(ctx: Context, { enqueue, now }: JobServices) {
  let due: number[] = [];
  const relayed = await relayEvents(ctx, async () => {
    due = await listDueWebhooks({ ...ctx, now: now() });
    await enqueue("webhooks", "deliver_webhooks", due);
  });
  return { relayed, due: due.length };
}
