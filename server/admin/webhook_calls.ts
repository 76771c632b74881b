// Webhooks: the endpoints, what was delivered to each, and delivering it again.
import { z } from "zod";
import { deliveryList, newWebhook, replay, webhookChanges } from "../domain/webhooks/inputs.ts";
import { getDelivery, getWebhook, listDeliveries, listWebhooks } from "../domain/webhooks/list.ts";
import {
  createWebhook,
  deleteWebhook,
  editWebhook,
  rotateWebhookSecret,
  setWebhookEnabled,
} from "../domain/webhooks/manage.ts";
import { replayDelivery, replaySpan, testWebhook } from "../domain/webhooks/replay.ts";
import { created, endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { documentedForm } from "../request/error_form.ts";
import { time } from "./fields.ts";
import { pageOf } from "./noun.ts";
import type { Site } from "../request/services.ts";
import { bodyOf, queryOf, wire, wireId } from "./wire.ts";

const oneId = z.object({ id: wireId.describe("Its id") });
const said = (message: string) => ok({ success: true, message });
const done = z.object({
  success: z.boolean().describe("Whether it was done"),
  message: z.string().describe("What happened, for people"),
});

const webhook = z.object({
  id: z.int().describe("Its id"),
  url: z.string().describe("Where events are posted to"),
  description: z.string().describe("What it is for"),
  event_types: z.array(z.string()).describe("Which events"),
  header_names: z.array(z.string()).describe("Names of further headers"),
  is_active: z.boolean().describe("Whether it is on"),
  disabled_reason: z.enum(["person", "gone", "failing"]).nullable().describe("Why it is off"),
  waiting: z.int().describe("Deliveries still to be made"),
  failed: z.int().describe("Deliveries given up within a week"),
  last_delivered_at: time.nullable().describe("When something last arrived"),
  created_at: time,
  secret: z.string().optional().describe("Only in the answer that made it"),
}).meta({ id: "Webhook" });

const delivery = z.object({
  id: z.int().describe("Its id"),
  webhook_id: z.int().describe("The webhook's id"),
  event_uid: z.string().describe("The id under which the event is delivered"),
  event_type: z.string().describe("What happened"),
  state: z.enum(["waiting", "delivered", "failed"]).describe("How it stands"),
  tries: z.int().describe("How often it was tried"),
  due_at: time.nullable().describe("When it is due"),
  delivered_at: time.nullable().describe("When it arrived"),
  last_outcome: z.string().nullable().describe("How the last try ended"),
}).meta({ id: "Delivery" });

export function webhookCalls(guards: Guards, site: Site) {
  const hooks = { tag: "Webhooks", dialect: documentedForm, guard: guards.owner } as const;
  const path = "/api/admin/webhooks";
  return [
    endpoint({
      ...hooks,
      method: "get",
      path,
      summary: "List webhooks",
      answers: {
        200: {
          description: "All of them",
          schema: z.object({ rows: z.array(webhook).describe("The rows") }),
        },
      },
      handle: async ({ ctx }) => ok({ rows: wire(await listWebhooks(ctx)) }),
    }),
    endpoint({
      ...hooks,
      method: "post",
      path,
      summary: "Add a webhook",
      changes: true,
      body: bodyOf(newWebhook),
      answers: { 201: { description: "Added, with its secret, which is shown once", schema: webhook } },
      async handle({ ctx, body }) {
        const terms = { description: "", headers: {}, ...body };
        const { row, secret } = await createWebhook(ctx, terms, site.webhookNetworks);
        return created({ ...wire(await getWebhook(ctx, row.id)) as object, secret });
      },
    }),
    endpoint({
      ...hooks,
      method: "get",
      path: `${path}/{id}`,
      summary: "Read one webhook",
      params: oneId,
      answers: { 200: { description: "The webhook", schema: webhook } },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => ok(wire(await getWebhook(ctx, params.id))),
    }),
    endpoint({
      ...hooks,
      method: "patch",
      path: `${path}/{id}`,
      summary: "Change a webhook",
      changes: true,
      params: oneId,
      body: bodyOf(webhookChanges),
      answers: { 200: { description: "Changed", schema: webhook } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, body }) {
        await editWebhook(ctx, params.id, body, site.webhookNetworks);
        return ok(wire(await getWebhook(ctx, params.id)));
      },
    }),
    ...(["on", "off"] as const).map((state) =>
      endpoint({
        ...hooks,
        method: "post",
        path: `${path}/{id}/switch-${state}`,
        summary: `Switch a webhook ${state}`,
        changes: true,
        params: oneId,
        answers: { 200: { description: "Switched", schema: webhook } },
        errors: ["NOT_FOUND"],
        async handle({ ctx, params }) {
          await setWebhookEnabled(ctx, params.id, state === "on");
          return ok(wire(await getWebhook(ctx, params.id)));
        },
      })
    ),
    endpoint({
      ...hooks,
      method: "post",
      path: `${path}/{id}/rotate-secret`,
      summary: "Give a webhook a new secret; the old one signs along for a day",
      changes: true,
      params: oneId,
      answers: {
        200: {
          description: "Shown once",
          schema: z.object({
            secret: z.string().describe("Signs the requests; shown once"),
            previous_until: time,
          }),
        },
      },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => ok(wire(await rotateWebhookSecret(ctx, params.id))),
    }),
    endpoint({
      ...hooks,
      method: "post",
      path: `${path}/{id}/test`,
      summary: "Send a test to a webhook",
      changes: true,
      params: oneId,
      answers: {
        200: { description: "The delivery to look at", schema: z.object({ id: z.int().describe("Its id") }) },
      },
      errors: ["NOT_FOUND", "CONFLICT"],
      handle: async ({ ctx, params }) => ok({ id: (await testWebhook(ctx, params.id)).id }),
    }),
    endpoint({
      ...hooks,
      method: "delete",
      path: `${path}/{id}`,
      summary: "Delete a webhook",
      changes: true,
      params: oneId,
      answers: { 200: { description: "Deleted", schema: done } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        await deleteWebhook(ctx, params.id);
        return said("The webhook was deleted");
      },
    }),
    endpoint({
      ...hooks,
      method: "get",
      path: `${path}/{id}/deliveries`,
      summary: "A webhook's deliveries, the newest first",
      params: oneId,
      query: queryOf(deliveryList),
      answers: {
        200: {
          description: "A page",
          schema: pageOf(delivery),
        },
      },
      handle: async ({ ctx, params, query }) => ok(wire(await listDeliveries(ctx, params.id, query))),
    }),
    endpoint({
      ...hooks,
      method: "post",
      path: `${path}/{id}/replay`,
      summary: "Replay every event since a time",
      changes: true,
      params: oneId,
      body: bodyOf(replay),
      answers: {
        200: {
          description: "Due now",
          schema: z.object({
            success: z.boolean().describe("Whether it was done"),
            due: z.int().describe("How many are due now"),
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
      ...hooks,
      method: "get",
      path: "/api/admin/deliveries/{id}",
      summary: "A delivery with every attempt at it",
      params: oneId,
      answers: { 200: { description: "The delivery", schema: delivery } },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => ok(wire(await getDelivery(ctx, params.id, site.webhookFormats))),
    }),
    endpoint({
      ...hooks,
      method: "post",
      path: "/api/admin/deliveries/{id}/replay",
      summary: "Deliver it again, under the same id",
      changes: true,
      params: oneId,
      answers: { 200: { description: "Due now", schema: done } },
      errors: ["NOT_FOUND", "CONFLICT"],
      async handle({ ctx, params }) {
        await replayDelivery(ctx, params.id);
        return said("The delivery is due now");
      },
    }),
  ];
}
