// The queues of the workers, by name: the worker runs them, monitoring counts them, the dashboard shows them.
import { keyPrefix } from "../../../db/redis_keys.ts";

export const queueNames = ["events", "webhooks", "housekeeping", "requests", "mail"] as const;

export type QueueName = typeof queueNames[number];

/** The prefix of all of the queues' keys in Redis. */
export const QUEUE_PREFIX = keyPrefix("queues");
