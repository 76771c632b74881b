// A webhook: an endpoint that subscribes to events, its deliveries, and the attempts at them.
import { digestOf } from "../revision.ts";

/** Why an endpoint is disabled. */
export type DisabledReason = "person" | "gone" | "failing";

/** A row of `webhooks`. */
export interface WebhookRow {
  id: number;
  url: string;
  description: string;
  /** The dialect that writes the bodies of its requests. */
  format: string;
  eventTypes: string[];
  /** Encrypted, as are the secrets. */
  headers: Uint8Array;
  secret: Uint8Array;
  previousSecret: Uint8Array | null;
  previousSecretUntil: Date | null;
  isActive: boolean;
  disabledReason: DisabledReason | null;
  failingSince: Date | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

/**
 * The values that owners edit; the revision of an endpoint covers them. Those of the headers are secrets: their revision tells
 * when they were replaced.
 */
export function webhookValues({ url, description, format, eventTypes, headers }: WebhookRow) {
  return { url, description, format, eventTypes, headersRevision: digestOf(headers) };
}

/** A row of `webhook_states`. */
export interface WebhookStateRow {
  webhookId: number;
  leaseToken: string | null;
  leasedUntil: Date | null;
  /** How many times in a row the endpoint did not answer. */
  unanswered: number;
  /** While it does not answer: when a single delivery is tried next. */
  resumeAt: Date | null;
}

/** A row of `webhook_deliveries`. */
export interface WebhookDeliveryRow {
  id: number;
  webhookId: number;
  eventId: number;
  dueAt: Date | null;
  tries: number;
  deliveredAt: Date | null;
  lastOutcome: string | null;
  createdAt: Date;
}

/** A row of `webhook_attempts`. */
export interface WebhookAttemptRow {
  id: number;
  deliveryId: number;
  attemptedAt: Date;
  milliseconds: number;
  status: number | null;
  error: string | null;
  answer: string | null;
  /** Where to and with which headers; null for attempts older than this record. */
  url: string | null;
  headers: Record<string, string | null> | null;
}

/** The purposes that an endpoint's secrets and headers are encrypted for. */
export const purposes = { secret: "webhook secret", headers: "webhook headers" } as const;
