// Sends deliveries to an endpoint as it is configured at the moment.
import { Buffer } from "node:buffer";
import { activeSpan, inSpan, SpanKind, type TraceSpan } from "../db/tracing.ts";
import type { Context } from "../server/domain/context.ts";
import { type Attempt, type DueDelivery, outcomeOf } from "../server/domain/webhooks/deliver.ts";
import { webhookFormatOf } from "../server/domain/webhooks/format.ts";
import { createSigner, liveSecrets } from "../server/domain/webhooks/sign.ts";
import { purposes, type WebhookRow } from "../server/domain/webhooks/webhook.ts";
import type { JobServices } from "./job_services.ts";

/** Makes a function that sends a delivery and returns its result; it never rejects because of the endpoint. */
export function createWebhookSender(
  ctx: Context,
  { post, countDelivery, webhookFormats, now }: JobServices,
  webhook: WebhookRow,
): (delivery: DueDelivery) => Promise<Attempt> {
  const sign = createSigner(liveSecrets(ctx, webhook));
  const writeBody = webhookFormatOf(webhookFormats, webhook.format);
  const custom = JSON.parse(
    Buffer.from(ctx.cipher.decrypt(purposes.headers, webhook.headers)).toString(),
  );
  const hidden = Object.fromEntries(Object.keys(custom).map((name) => [name, null]));
  const { host } = new URL(webhook.url);
  const job = activeSpan()?.traceparent;
  return (delivery) => {
    const { event, tries, traceparent } = delivery;
    const options = {
      kind: SpanKind.CLIENT,
      parent: traceparent,
      links: job ? [job] : [],
      // The host alone: an address may have a secret of the receiver in it.
      attributes: {
        "http.request.method": "POST",
        "http.request.resend_count": tries,
        "server.address": host,
        "latchkey.webhook_id": webhook.id,
        "latchkey.event_id": event.uid,
      },
    };
    return inSpan(`deliver ${event.type}`, options, (span) => attempt(delivery, span));
  };

  async function attempt(delivery: DueDelivery, span: TraceSpan | null): Promise<Attempt> {
    const at = now();
    const body = writeBody(delivery.event);
    const began = performance.now();
    const headers = {
      "content-type": "application/json",
      "user-agent": "Latchkey-Webhooks/1",
      ...sign({ id: delivery.event.uid, at, body }),
      ...(span ? { traceparent: span.traceparent } : {}),
    };
    const result = await post({ url: webhook.url, headers: { ...custom, ...headers }, body });
    const milliseconds = Math.round(performance.now() - began);
    countDelivery(result, milliseconds);
    if ("status" in result) span?.set("http.response.status_code", result.status);
    if (!("status" in result) || result.status >= 400) span?.fail(outcomeOf(result));
    return {
      // Without its event: thousands may wait to be recorded.
      delivery: { id: delivery.id, tries: delivery.tries },
      at,
      sent: { url: webhook.url, headers: { ...hidden, ...headers } },
      milliseconds,
      result,
    };
  }
}
