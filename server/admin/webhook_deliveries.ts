// Webhook deliveries: list, read, resend.
import { z } from "zod";
import { deliveryList, replay } from "../domain/webhooks/inputs.ts";
import { getDelivery, listDeliveries } from "../domain/webhooks/list.ts";
import { replayDelivery, replaySpan } from "../domain/webhooks/replay.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import type { Site } from "../request/services.ts";
import { done, oneId, pageOf, succeeded, time } from "./schemas.ts";
import { bodyOf, queryOf, wire } from "./wire.ts";

const delivery = z.object({
  id: z.int().describe("The delivery's id"),
  webhook_id: z.int().describe("The webhook's id"),
  event_uid: z.string().describe("The event's id in webhooks"),
  event_type: z.string().describe("Event type"),
  state: z.enum(["waiting", "delivered", "failed"]).describe("State"),
  tries: z.int().describe("Number of attempts"),
  due_at: time.nullable().describe("Time of the next attempt; null when finished"),
  delivered_at: time.nullable().describe("Time of delivery"),
  last_outcome: z.string().nullable().describe("Outcome of the last attempt"),
}).meta({ id: "Delivery" });

export function webhookDeliveryEndpoints(guards: Guards, site: Site): Endpoint[] {
  const common = { tag: "Webhooks", dialect: documentedForm, guard: guards.owner } as const;
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/webhooks/{id}/deliveries",
      operationId: "listWebhookDeliveries",
      summary: "List a webhook's deliveries",
      params: oneId,
      query: queryOf(deliveryList),
      answers: {
        200: {
          description: "A page of results",
          schema: pageOf(delivery),
        },
      },
      handle: async ({ ctx, params, query }) => ok(wire(await listDeliveries(ctx, params.id, query))),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/webhooks/{id}/replay",
      operationId: "replayWebhookEvents",
      summary: "Resend a webhook's events since a time",
      changes: true,
      params: oneId,
      body: bodyOf(replay),
      answers: {
        200: {
          description: "Deliveries queued",
          schema: z.object({
            success: z.boolean().describe("Whether the action succeeded"),
            due: z.int().describe("Number of deliveries queued"),
          }),
        },
      },
      errors: ["NOT_FOUND", "CONFLICT"],
      async handle({ ctx, params, body: { since, until } }) {
        const span = { since: new Date(since), until: until ? new Date(until) : undefined };
        return ok({ success: true, due: await replaySpan(ctx, params.id, span) });
      },
    }),

    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/deliveries/{id}",
      operationId: "getWebhookDelivery",
      summary: "Get a delivery with its attempts",
      params: oneId,
      answers: { 200: { description: "The delivery", schema: delivery } },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => ok(wire(await getDelivery(ctx, params.id, site.webhookFormats))),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/deliveries/{id}/replay",
      operationId: "resendWebhookDelivery",
      summary: "Resend a delivery",
      changes: true,
      params: oneId,
      answers: { 200: { description: "Deliveries queued", schema: done } },
      errors: ["NOT_FOUND", "CONFLICT"],
      async handle({ ctx, params }) {
        await replayDelivery(ctx, params.id);
        return succeeded("The delivery is due now");
      },
    }),
  ];
}
