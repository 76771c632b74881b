// Delivers what is due to one endpoint, several requests at a time. Each endpoint has a job of its own, so that a slow one
// delays no other.
import { Buffer } from "node:buffer";
import type { Context } from "../../server/domain/context.ts";
import {
  type Attempt,
  claimDeliveries,
  type ClaimedDelivery,
  recordAttempts,
} from "../../server/domain/webhooks/deliver.ts";
import { webhookFormatOf } from "../../server/domain/webhooks/format.ts";
import { createSigner, liveSecrets } from "../../server/domain/webhooks/sign.ts";
import { purposes, type WebhookRow } from "../../server/domain/webhooks/webhook.ts";
import { createBatcher } from "../../server/request/batch.ts";
import type { JobServices } from "../job_services.ts";

/** Concurrent requests to one endpoint: while it answers, and while it fails. */
const CONCURRENCY = 32;
const CONCURRENCY_FAILING = 4;
/** After so long the job ends, and is enqueued again if more is due; milliseconds. */
const MAX_DURATION = 20_000;

export async function deliverWebhooks(ctx: Context, services: JobServices, webhookId: number) {
  const end = performance.now() + MAX_DURATION;
  const now = (): Context => ({ ...ctx, now: new Date() });
  const pending = new Set<Promise<void>>();
  const attempts = createBatcher<Attempt, undefined>(async (batch) => {
    await recordAttempts(now(), webhookId, batch);
    return batch.map(() => undefined);
  }, { maxBatchSize: 200 });
  let tried = 0;
  let failure: unknown;
  // Low at first, and again whenever the endpoint fails.
  let concurrency = CONCURRENCY_FAILING;

  while (performance.now() < end && !services.isStopping() && !failure) {
    const found = await claimDeliveries(now(), webhookId, concurrency - pending.size);
    const claimed = found?.deliveries ?? [];
    if (claimed.length === 0 && pending.size === 0) break;
    if (found) {
      concurrency = found.webhook.failingSince ? CONCURRENCY_FAILING : CONCURRENCY;
      tried += claimed.length;
      const send = createSender(now(), services, found.webhook);
      for (const delivery of claimed) {
        const sent: Promise<void> = send(delivery)
          .then((attempt) => attempts.add(attempt))
          .catch((error) => void (failure ??= error))
          .finally(() => pending.delete(sent));
        pending.add(sent);
      }
    }
    // Then several together rather than one by one, so that one statement claims many.
    if (claimed.length === 0) await Promise.race(pending);
    while (pending.size > concurrency / 2) await Promise.race(pending);
  }
  await Promise.all(pending);
  // An attempt that could not be recorded is due again soon, under the same id.
  if (failure) throw failure;
  return { webhook: webhookId, tried };
}

/** Sends deliveries to an endpoint as it is configured now. */
function createSender(
  ctx: Context,
  { post, countDelivery, webhookFormats }: JobServices,
  webhook: WebhookRow,
) {
  const sign = createSigner(liveSecrets(ctx, webhook));
  const writeBody = webhookFormatOf(webhookFormats, webhook.format);
  const custom = JSON.parse(
    Buffer.from(ctx.cipher.decrypt(purposes.headers, webhook.headers)).toString(),
  );
  const hidden = Object.fromEntries(Object.keys(custom).map((name) => [name, null]));
  return async (delivery: ClaimedDelivery): Promise<Attempt> => {
    const at = new Date();
    const body = writeBody(delivery.event);
    const began = performance.now();
    const headers = {
      "content-type": "application/json",
      "user-agent": "Latchkey-Webhooks/1",
      ...sign({ id: delivery.event.uid, at, body }),
    };
    const result = await post({ url: webhook.url, headers: { ...custom, ...headers }, body });
    const milliseconds = Math.round(performance.now() - began);
    countDelivery(result, milliseconds);
    return {
      delivery,
      at,
      sent: { url: webhook.url, headers: { ...hidden, ...headers } },
      milliseconds,
      result,
    };
  };
}
