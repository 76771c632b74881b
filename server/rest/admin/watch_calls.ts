// Anomalies and alerts, and webhooks with their deliveries.
import { z } from "zod";
import { listAnomalies, resolveAnomaly } from "../../domain/anomalies/resolve.ts";
import {
  alertList,
  anomalyList,
  deliveryList,
  newWebhook,
  replay,
  resolution,
  webhookChanges,
} from "../../domain/inputs/watch.ts";
import { listAlerts } from "../../domain/monitoring/alerts.ts";
import { getDelivery, getWebhook, listDeliveries, listWebhooks } from "../../domain/webhooks/look.ts";
import {
  createWebhook,
  deleteWebhook,
  editWebhook,
  rotateWebhookSecret,
  switchWebhook,
} from "../../domain/webhooks/manage.ts";
import { replayDelivery, replaySpan, testWebhook } from "../../domain/webhooks/replay.ts";
import { created, endpoint, ok } from "../endpoint.ts";
import type { Guards } from "../guards.ts";
import { licenseApi } from "../license_api/dialect.ts";
import { time } from "./fields.ts";
import type { Site } from "./site.ts";
import { bodyOf, queryOf, wire, wireId } from "./wire.ts";

const oneId = z.object({ id: wireId });
const said = (message: string) => ok({ success: true, message });
const done = z.object({ success: z.boolean(), message: z.string() });
const next = z.int().nullable().describe("Send it as before for the next page; null on the last");

const anomaly = z.object({
  id: z.int(),
  kind: z.string(),
  license_id: z.int().nullable(),
  license_key: z.string().nullable(),
  customer_name: z.string().nullable(),
  resolved_at: time.nullable(),
}).meta({ id: "Anomaly" });

const alert = z.object({
  id: z.int(),
  kind: z.string(),
  subject: z.string(),
  severity: z.enum(["warning", "critical"]),
  message: z.string(),
  raised_at: time,
  last_seen_at: time,
  cleared_at: time.nullable(),
}).meta({ id: "Alert" });

const webhook = z.object({
  id: z.int(),
  url: z.string(),
  description: z.string(),
  event_types: z.array(z.string()),
  header_names: z.array(z.string()),
  is_active: z.boolean(),
  switched_off_because: z.enum(["person", "gone", "failing"]).nullable(),
  waiting: z.int(),
  given_up: z.int(),
  last_delivered_at: time.nullable(),
  created_at: time,
  secret: z.string().optional().describe("Only in the answer that made it"),
}).meta({ id: "Webhook" });

const delivery = z.object({
  id: z.int(),
  webhook_id: z.int(),
  event_uid: z.string(),
  event_type: z.string(),
  state: z.enum(["waiting", "delivered", "given_up"]),
  tries: z.int(),
  due_at: time.nullable(),
  delivered_at: time.nullable(),
  last_outcome: z.string().nullable(),
}).meta({ id: "Delivery" });

export function watchCalls(guards: Guards, site: Site) {
  const watching = { tag: "Monitoring", dialect: licenseApi } as const;
  const hooks = { tag: "Webhooks", dialect: licenseApi, guard: guards.owner } as const;
  const path = "/api/admin/webhooks";
  return [
    endpoint({
      ...watching,
      method: "get",
      path: "/api/admin/anomalies",
      summary: "List anomalies, the newest first",
      guard: guards.viewer,
      query: queryOf(anomalyList),
      answers: { 200: { description: "A page", schema: z.object({ anomalies: z.array(anomaly), next }) } },
      handle: async ({ ctx, query }) => ok(wire(await listAnomalies(ctx, query))),
    }),
    endpoint({
      ...watching,
      method: "post",
      path: "/api/admin/anomalies/{id}/resolve",
      summary: "Resolve an anomaly with a note",
      guard: guards.manager,
      changes: true,
      params: oneId,
      body: bodyOf(resolution),
      answers: { 200: { description: "Resolved", schema: anomaly } },
      refusals: ["NOT_FOUND", "CONFLICT"],
      handle: async ({ ctx, params, body }) => ok(wire(await resolveAnomaly(ctx, params.id, body.note))),
    }),
    endpoint({
      ...watching,
      method: "get",
      path: "/api/admin/alerts",
      summary: "List alerts, the newest first",
      guard: guards.viewer,
      query: queryOf(alertList),
      answers: { 200: { description: "The latest hundred", schema: z.object({ rows: z.array(alert) }) } },
      handle: async ({ ctx, query }) => ok({ rows: wire(await listAlerts(ctx, query)) }),
    }),

    endpoint({
      ...hooks,
      method: "get",
      path,
      summary: "List webhooks",
      answers: { 200: { description: "All of them", schema: z.object({ rows: z.array(webhook) }) } },
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
      refusals: ["NOT_FOUND"],
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
      refusals: ["NOT_FOUND"],
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
        refusals: ["NOT_FOUND"],
        async handle({ ctx, params }) {
          await switchWebhook(ctx, params.id, state === "on");
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
        200: { description: "Shown once", schema: z.object({ secret: z.string(), previous_until: time }) },
      },
      refusals: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => ok(wire(await rotateWebhookSecret(ctx, params.id))),
    }),
    endpoint({
      ...hooks,
      method: "post",
      path: `${path}/{id}/test`,
      summary: "Send a test to a webhook",
      changes: true,
      params: oneId,
      answers: { 200: { description: "The delivery to look at", schema: z.object({ id: z.int() }) } },
      refusals: ["NOT_FOUND", "CONFLICT"],
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
      refusals: ["NOT_FOUND"],
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
      answers: { 200: { description: "A page", schema: z.object({ deliveries: z.array(delivery), next }) } },
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
      answers: { 200: { description: "Due now", schema: z.object({ success: z.boolean(), due: z.int() }) } },
      refusals: ["NOT_FOUND", "CONFLICT"],
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
      refusals: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => ok(wire(await getDelivery(ctx, params.id))),
    }),
    endpoint({
      ...hooks,
      method: "post",
      path: "/api/admin/deliveries/{id}/replay",
      summary: "Deliver it again, under the same id",
      changes: true,
      params: oneId,
      answers: { 200: { description: "Due now", schema: done } },
      refusals: ["NOT_FOUND", "CONFLICT"],
      async handle({ ctx, params }) {
        await replayDelivery(ctx, params.id);
        return said("The delivery is due now");
      },
    }),
  ];
}
