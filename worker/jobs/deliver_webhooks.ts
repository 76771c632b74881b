// Delivers what is due to one endpoint, several requests at a time. Each endpoint has a job of its own, so one that is
// slow or hangs holds up nobody but itself.
import { Buffer } from "node:buffer";
import type { Context } from "../../server/domain/context.ts";
import {
  type Attempt,
  claimDeliveries,
  type ClaimedDelivery,
  recordAttempts,
} from "../../server/domain/webhooks/deliver.ts";
import { getWebhookFormat } from "../../server/domain/webhooks/format.ts";
import { liveSecrets, signatureHeaders } from "../../server/domain/webhooks/sign.ts";
import { sealedFor, type WebhookRow } from "../../server/domain/webhooks/webhook.ts";
import { createBatcher } from "../../server/request/batch.ts";
import type { JobServices } from "../job_context.ts";

/** Requests under way to one endpoint: as long as it answers, and while it fails. */
const AT_ONCE = 32;
const AT_ONCE_FAILING = 4;
/** After so long the job ends, and is rung for again if more is due; milliseconds. */
const AT_MOST = 20_000;

export async function deliverWebhooksJob(ctx: Context, outside: JobServices, webhookId: number) {
  const ends = performance.now() + AT_MOST;
  const now = (): Context => ({ ...ctx, now: new Date() });
  const underWay = new Set<Promise<void>>();
  const ended = createBatcher<Attempt, undefined>(async (attempts) => {
    await recordAttempts(now(), webhookId, attempts);
    return attempts.map(() => undefined);
  }, { maxBatchSize: 200 });
  let tried = 0;
  let trouble: unknown;
  // Carefully at first, and again whenever it fails.
  let most = AT_ONCE_FAILING;

  while (performance.now() < ends && !outside.stopping() && !trouble) {
    const found = await claimDeliveries(now(), webhookId, most - underWay.size);
    const taken = found?.taken ?? [];
    if (taken.length === 0 && underWay.size === 0) break;
    if (found) {
      most = found.webhook.failingSince ? AT_ONCE_FAILING : AT_ONCE;
      tried += taken.length;
      const send = sender(now(), outside, found.webhook);
      for (const delivery of taken) {
        const sent: Promise<void> = send(delivery)
          .then((attempt) => ended.add(attempt))
          .catch((error) => void (trouble ??= error))
          .finally(() => underWay.delete(sent));
        underWay.add(sent);
      }
    }
    // Then a few at once rather than one by one, so that taking them is one statement for many.
    if (taken.length === 0) await Promise.race(underWay);
    while (underWay.size > most / 2) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  // What could not be written down is due again soon, under the same id.
  if (trouble) throw trouble;
  return { webhook: webhookId, tried };
}

/** Sends deliveries to an endpoint as it is now. */
function sender(ctx: Context, { post, delivered, webhookFormats }: JobServices, webhook: WebhookRow) {
  const secrets = liveSecrets(ctx, webhook);
  const writeBody = getWebhookFormat(webhookFormats, webhook.format);
  const own = JSON.parse(Buffer.from(ctx.cipher.decrypt(sealedFor.headers, webhook.headers)).toString());
  const hidden = Object.fromEntries(Object.keys(own).map((name) => [name, null]));
  return async (delivery: ClaimedDelivery): Promise<Attempt> => {
    const at = new Date();
    const body = writeBody(delivery.event);
    const began = performance.now();
    const ours = {
      "content-type": "application/json",
      "user-agent": "Latchkey-Webhooks/1",
      ...signatureHeaders(secrets, { id: delivery.event.uid, at, body }),
    };
    const result = await post({ url: webhook.url, headers: { ...own, ...ours }, body });
    const milliseconds = Math.round(performance.now() - began);
    delivered(result, milliseconds);
    const sent = { url: webhook.url, headers: { ...hidden, ...ours } };
    return { delivery, at, sent, milliseconds, result };
  };
}
