// What jobs receive besides their context: mail, the webhook client, metrics and the queues.
import type { Db } from "../db/connect.ts";
import type { QueueName } from "../server/domain/monitoring/queues.ts";
import type { DeliveryResult } from "../server/domain/webhooks/deliver.ts";
import type { WorkQueue } from "../server/domain/work_queue.ts";
import type { WebhookFormats } from "../server/domain/webhooks/format.ts";
import type { Mailer } from "./mailer.ts";
import type { WorkerTiming } from "./timing.ts";
import type { WebhookClient } from "./webhook_client.ts";

export interface JobServices {
  /** The database's time; the context's is that of the start. */
  now(): Date;
  mailer: Mailer;
  /** The address of the panel and the account pages. */
  publicUrl: string;
  post: WebhookClient["post"];
  /** Requests to all endpoints at a time; a request that is not answered soon no longer counts. */
  webhookQueue: WorkQueue;
  /** Statements about endpoints that do not answer, at a time: the other connections are for those that do. */
  silentQueue: WorkQueue;
  /** The bodies of webhooks by dialect. */
  webhookFormats: WebhookFormats;
  /** Counts an attempt at a delivery in the metrics. */
  countDelivery(result: DeliveryResult, milliseconds: number): void;
  /** Runs a job once for each subject; a subject whose job is waiting or running is skipped. */
  enqueue(queue: QueueName, job: string, subjectIds: number[]): Promise<void>;
  timing: WorkerTiming;
  /** The database for short statements beside a long one: the renewal of a lease. */
  leases: Db;
  /** Whether the worker is shutting down; a job that could run for long ends then. */
  isStopping(): boolean;
}
