// The demo's webhook: an endpoint with some deliveries that then answered 410 and was disabled, so that the demo sends no
// requests.
import type { Context } from "../domain/context.ts";
import { type DeliveryResult, findDueDeliveries, recordAttempts } from "../domain/webhooks/deliver.ts";
import { createWebhook } from "../domain/webhooks/manage.ts";
import * as dialects from "../dialects/all.ts";
import { webhookFormatOf } from "../domain/webhooks/format.ts";
import { replaySpan } from "../domain/webhooks/replay.ts";
import { webhookFormatsOf } from "../request/dialect_module.ts";
import { createSigner, liveSecrets } from "../domain/webhooks/sign.ts";

const MINUTE = 60_000;

/** Responses of the endpoint, in turn, with their duration in milliseconds. */
const answers: [milliseconds: number, ended: DeliveryResult][] = [
  [84, { status: 200, answer: '{"received":true}' }],
  [61, { status: 200, answer: '{"received":true}' }],
  [10_000, { error: "No answer within 10 seconds" }],
  [73, { status: 200, answer: '{"received":true}' }],
  [412, {
    status: 503,
    answer: "<html><head><title>503</title></head><body>Down for maintenance</body></html>",
  }],
  [90, { status: 200, answer: '{"received":true}' }],
];

/**
 * Adds the webhook with deliveries of the last hours' events; the last response is 410.
 *
 * @param ctx the system's, with the present time
 */
export async function loadWebhook(ctx: Context): Promise<void> {
  const ago = (minutes: number): Context => ({ ...ctx, now: new Date(ctx.now.getTime() - minutes * MINUTE) });
  const { row } = await createWebhook(ago(3000), {
    url: "https://shop.example.com/hooks/licenses",
    description: "The shop: welcomes customers, books renewals",
    eventTypes: ["license.created", "license.activated", "license.expiring", "license.expired"],
    headers: {},
  }, []);
  await replaySpan(ago(100), row.id, { since: ago(420).now });
  // Failed deliveries are due again after seconds, then minutes.
  for (const minutes of [99, 98, 90, 80]) await deliver(ago(minutes), row.id, answers);
  await replaySpan(ago(20), row.id, { since: ago(160).now });
  await deliver(ago(19), row.id, [[38, { status: 410, answer: "This shop has moved." }]]);
}

async function deliver(ctx: Context, webhookId: number, responses: typeof answers): Promise<void> {
  const found = await findDueDeliveries(ctx, webhookId, { limit: 40 });
  if (!found || found.deliveries.length === 0) return;
  const { webhook, deliveries } = found;
  const writeBody = webhookFormatOf(webhookFormatsOf(dialects), webhook.format);
  const sign = createSigner(liveSecrets(ctx, webhook));
  const attempts = deliveries.map((delivery, number) => {
    const [milliseconds, result] = responses[(number + delivery.tries * 3) % responses.length];
    const signed = sign({
      id: delivery.event.uid,
      at: ctx.now,
      body: writeBody(delivery.event),
    });
    const headers = { "content-type": "application/json", "user-agent": "Latchkey-Webhooks/1", ...signed };
    return { delivery, at: ctx.now, sent: { url: webhook.url, headers }, milliseconds, result };
  });
  await recordAttempts(ctx, webhookId, attempts);
}
