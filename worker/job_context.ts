// What jobs are handed beside their context: the ways out of the house, and the bell.
import type { WebhookFormats } from "../server/domain/webhooks/format.ts";
import type { DeliveryResult } from "../server/domain/webhooks/deliver.ts";
import type { Mailer } from "./mailer.ts";
import type { WebhookClient } from "./http_client.ts";

/** The ways out of the house that jobs use. */
export interface JobServices {
  mailer: Mailer;
  /** Where our pages are reached. */
  publicUrl: string;
  post: WebhookClient["post"];
  /** The bodies of webhooks by dialect. */
  webhookFormats: WebhookFormats;
  /** Counts an attempt at a delivery. */
  delivered(ended: DeliveryResult, milliseconds: number): void;
  /** Has a job run once for each subject; one that is waiting or running for it already is enough. */
  enqueue(queue: string, job: string, subjects: number[]): Promise<void>;
  /** Whether the worker was told to stop: a job that could go on for long ends. */
  stopping(): boolean;
}
