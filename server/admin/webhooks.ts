// Webhook endpoints: list, create, edit, delete, enable, disable, rotate the secret, test.
import { z } from "zod";
import { newWebhook, webhookChanges } from "../domain/webhooks/inputs.ts";
import { getWebhook, listWebhooks } from "../domain/webhooks/list.ts";
import {
  createWebhook,
  deleteWebhook,
  editWebhook,
  rotateWebhookSecret,
  setWebhookEnabled,
} from "../domain/webhooks/manage.ts";
import { testWebhook } from "../domain/webhooks/replay.ts";
import { created, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { done, oneId, revisionField, succeeded, time } from "./schemas.ts";
import type { Site } from "../request/services.ts";
import { bodyOf, wire } from "./wire.ts";

const webhook = z.object({
  id: z.int().describe("The webhook's id"),
  url: z.string().describe("Endpoint URL"),
  description: z.string().describe("Description"),
  format: z.string().describe("Dialect that writes the bodies"),
  event_types: z.array(z.string()).describe("Subscribed event types"),
  header_names: z.array(z.string()).describe("Names of the custom headers"),
  is_active: z.boolean().describe("Whether it is enabled"),
  disabled_reason: z.enum(["person", "gone", "failing"]).nullable().describe(
    "Why it is disabled; null when enabled",
  ),
  waiting: z.int().describe("Pending deliveries"),
  failed: z.int().describe("Deliveries failed within seven days"),
  last_delivered_at: time.nullable().describe("Time of the last successful delivery"),
  created_at: time,
  secret: z.string().optional().describe("Signing secret; only in the response that creates it"),
  ...revisionField,
}).meta({ id: "Webhook" });

export function webhookEndpoints(guards: Guards, site: Site): Endpoint[] {
  const common = { tag: "Webhooks", dialect: documentedForm, guard: guards.owner } as const;
  const setEnabled = (action: "enable" | "disable") =>
    endpoint({
      ...common,
      method: "post",
      path: `/api/admin/webhooks/{id}/${action}`,
      operationId: `${action}Webhook`,
      summary: action === "enable" ? "Enable a webhook" : "Disable a webhook",
      changes: true,
      params: oneId,
      answers: { 200: { description: `The webhook, ${action}d`, schema: webhook } },
      errors: ["NOT_FOUND", "REAUTHENTICATION_REQUIRED"],
      async handle({ ctx, params }) {
        await setWebhookEnabled(ctx, params.id, action === "enable");
        return ok(wire(await getWebhook(ctx, params.id)));
      },
    });
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/webhooks",
      operationId: "listWebhooks",
      summary: "List webhooks",
      answers: {
        200: {
          description: "All",
          schema: z.object({ rows: z.array(webhook).describe("The rows") }),
        },
      },
      handle: async ({ ctx }) => ok(wire({ rows: await listWebhooks(ctx) })),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/webhooks",
      operationId: "createWebhook",
      summary: "Create a webhook",
      changes: true,
      body: bodyOf(newWebhook),
      answers: { 201: { description: "Added, with its secret, which is shown once", schema: webhook } },
      errors: ["REAUTHENTICATION_REQUIRED"],
      async handle({ ctx, body }) {
        const terms = { description: "", headers: {}, ...body };
        const { row, secret } = await createWebhook(ctx, terms, site.webhookNetworks, site.webhookFormats);
        return created(wire({ ...await getWebhook(ctx, row.id), secret }));
      },
    }),

    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/webhooks/{id}",
      operationId: "getWebhook",
      summary: "Get a webhook",
      params: oneId,
      hasRevision: true,
      answers: { 200: { description: "The webhook", schema: webhook } },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => ok(wire(await getWebhook(ctx, params.id))),
    }),

    endpoint({
      ...common,
      method: "patch",
      path: "/api/admin/webhooks/{id}",
      operationId: "updateWebhook",
      summary: "Update a webhook",
      changes: true,
      params: oneId,
      hasRevision: true,
      body: bodyOf(webhookChanges),
      answers: { 200: { description: "Changed", schema: webhook } },
      errors: ["NOT_FOUND", "REAUTHENTICATION_REQUIRED"],
      async handle({ ctx, params, body, revision }) {
        await editWebhook(ctx, params.id, body, site.webhookNetworks, site.webhookFormats, { revision });
        return ok(wire(await getWebhook(ctx, params.id)));
      },
    }),
    setEnabled("enable"),
    setEnabled("disable"),
    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/webhooks/{id}/rotate-secret",
      operationId: "rotateWebhookSecret",
      summary: "Rotate a webhook secret (24 h overlap)",
      changes: true,
      params: oneId,
      answers: {
        200: {
          description: "Shown once",
          schema: z.object({
            secret: z.string().describe("Signing secret; shown once"),
            previous_until: time,
          }),
        },
      },
      errors: ["NOT_FOUND", "REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx, params }) => ok(wire(await rotateWebhookSecret(ctx, params.id))),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/webhooks/{id}/test",
      operationId: "testWebhook",
      summary: "Send a test event to a webhook",
      changes: true,
      params: oneId,
      answers: {
        200: { description: "The delivery", schema: z.object({ id: z.int().describe("The delivery's id") }) },
      },
      errors: ["NOT_FOUND", "CONFLICT"],
      handle: async ({ ctx, params }) => ok({ id: (await testWebhook(ctx, params.id)).id }),
    }),

    endpoint({
      ...common,
      method: "delete",
      path: "/api/admin/webhooks/{id}",
      operationId: "deleteWebhook",
      summary: "Delete a webhook",
      changes: true,
      params: oneId,
      hasRevision: true,
      answers: { 200: { description: "Deleted", schema: done } },
      errors: ["NOT_FOUND", "REAUTHENTICATION_REQUIRED"],
      async handle({ ctx, params, revision }) {
        await deleteWebhook(ctx, params.id, revision);
        return succeeded("The webhook was deleted");
      },
    }),
  ];
}
