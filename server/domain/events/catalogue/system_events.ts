// Events of the server itself: settings, jobs, alerts, anomalies, webhooks, and the table of events.
import { z } from "zod";
import { changedFields, type EventDefinition, instant, type RecordedAfter } from "./definition.ts";

const anyFields = z.record(z.string(), z.unknown());
/** What was counted differs from kind to kind. */
const anomaly = z.looseObject({ kind: z.string(), subject: z.string(), severity: z.string() });
const alert = z.strictObject({ kind: z.string(), subject: z.string(), message: z.string() });
const template = z.strictObject({ template: z.string(), title: z.string(), body: z.string() });
const changedEndpoint = changedFields("url", "description", "format", "eventTypes", "headers");

export const systemEvents = {
  "settings.changed": {
    subject: "setting",
    before: anyFields,
    after: anyFields,
    invalidates: ["setting"],
    refreshes: ["settings"],
  },
  "settings.template_changed": {
    subject: "setting",
    before: template,
    after: template,
    refreshes: ["mails"],
  },
  "job.requested": {
    subject: "job",
    after: z.strictObject({ kind: z.string() }),
    refreshes: ["jobs"],
  },
  "job.cancelled": {
    subject: "job",
    after: z.strictObject({ kind: z.string(), done: z.int() }),
    refreshes: ["jobs"],
  },
  "job.finished": {
    subject: "job",
    after: z.strictObject({
      kind: z.string(),
      state: z.enum(["done", "failed"]),
      done: z.int(),
      /** Rows of a file that were refused. */
      invalid: z.int(),
      /** The administrator who requested it. */
      requestedBy: z.int().nullable(),
    }),
    refreshes: ["jobs", "notifications"],
  },
  "activity.suspicious": {
    subject: "anomaly",
    after: anomaly,
    refreshes: ["anomalies", "notifications"],
    publicData: ({ subjectId, after }: RecordedAfter<typeof anomaly>) => ({
      anomalyId: subjectId,
      type: after.kind,
    }),
  },
  "anomaly.resolved": {
    subject: "anomaly",
    after: z.strictObject({ kind: z.string(), note: z.string().nullable() }),
    refreshes: ["anomalies", "notifications"],
  },
  "anomaly.reopened": {
    subject: "anomaly",
    after: z.strictObject({ kind: z.string() }),
    refreshes: ["anomalies", "notifications"],
  },
  "alert.raised": {
    subject: "alert",
    after: alert.extend({ severity: z.enum(["warning", "critical"]) }),
    refreshes: ["alerts", "monitoring", "notifications"],
  },
  "alert.cleared": {
    subject: "alert",
    after: alert,
    refreshes: ["alerts", "monitoring", "notifications"],
  },
  "webhook.created": {
    subject: "webhook",
    after: z.strictObject({
      url: z.string(),
      description: z.string(),
      format: z.string(),
      eventTypes: z.array(z.string()),
    }),
    refreshes: ["webhooks"],
  },
  "webhook.updated": {
    subject: "webhook",
    before: changedEndpoint,
    after: changedEndpoint,
    refreshes: ["webhooks"],
  },
  "webhook.secret_rotated": {
    subject: "webhook",
    after: z.strictObject({ previousUntil: instant }),
    refreshes: ["webhooks"],
  },
  "webhook.enabled": {
    subject: "webhook",
    before: z.strictObject({ isActive: z.literal(false) }),
    after: z.strictObject({ isActive: z.literal(true) }),
    refreshes: ["webhooks"],
  },
  "webhook.disabled": {
    subject: "webhook",
    before: z.strictObject({ isActive: z.literal(true) }),
    after: z.strictObject({ isActive: z.literal(false), because: z.enum(["person", "gone", "failing"]) }),
    refreshes: ["webhooks"],
  },
  "webhook.deleted": {
    subject: "webhook",
    before: z.strictObject({ url: z.string() }),
    refreshes: ["webhooks"],
  },
  "webhook.tested": { subject: "webhook", refreshes: ["webhooks"] },
  "webhook.replayed": {
    subject: "webhook",
    after: z.union([
      z.strictObject({ deliveryId: z.int() }),
      z.strictObject({ since: instant, until: instant, count: z.int() }),
    ]),
    refreshes: ["webhooks"],
  },
  "backup.restored": {
    subject: "event",
    after: z.strictObject({ madeAt: instant, programVersion: z.string(), signInsEnded: z.boolean() }),
    refreshes: [],
  },
  "history.pruned": {
    subject: "event",
    after: z.strictObject({ olderThan: instant, count: z.int() }),
    refreshes: [],
  },
} as const satisfies Record<string, EventDefinition>;
