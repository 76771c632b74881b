// Delivers what is due to one endpoint, several requests at a time, by one worker at a time. Each endpoint has a job of its
// own, so that a slow one delays no other.
import { randomUUID } from "node:crypto";
import type { Context } from "../../server/domain/context.ts";
import { LeaseLost } from "../../server/domain/lease.ts";
import {
  type Attempt,
  type DueDelivery,
  findDueDeliveries,
  recordAttempts,
} from "../../server/domain/webhooks/deliver.ts";
import {
  leaseWebhook,
  releaseWebhook,
  renewWebhookLease,
  type WebhookLease,
} from "../../server/domain/webhooks/lease.ts";
import { type Batcher, createBatcher } from "../../server/request/batch.ts";
import { within } from "../../server/request/within.ts";
import type { JobServices } from "../job_services.ts";
import { keepLease } from "../keep_lease.ts";
import { createRequestWindow, type RequestWindow, SLOW_AFTER } from "../request_window.ts";
import { createWebhookSender } from "../webhook_sender.ts";

/** Attempts recorded in one statement, and the number that may wait to be recorded. */
const MAX_BATCH = 500;
const MAX_UNRECORDED = 2000;
/** How long deliveries are kept after they were read: the endpoint may have been disabled since; milliseconds. */
const MAX_AGE = 1000;
/** How often new deliveries are looked for while requests are under way; milliseconds. */
const POLL_INTERVAL = 200;

export async function deliverWebhooks(ctx: Context, services: JobServices, webhookId: number) {
  const { timing: { webhookLease: duration }, now } = services;
  const current = (): Context => ({ ...ctx, now: now() });
  const lease = { webhookId, token: randomUUID() };
  const state = await leaseWebhook(current(), lease, duration);
  if (!state) return { webhook: webhookId, tried: 0 };
  const kept = keepLease(duration, async () => {
    if (!await renewWebhookLease(current(), lease, duration)) throw new LeaseLost();
  });
  const window = createRequestWindow();
  try {
    const tried = await deliverDue(current, services, { lease, window, signal: kept.signal });
    return { webhook: webhookId, tried };
  } finally {
    kept.stop();
    await inOwnTime(services, window, () => releaseWebhook(current(), lease));
  }
}

/** Many endpoints may stop answering at the same moment: their statements do not delay those of the others. */
async function inOwnTime<T>(
  { silentQueue }: JobServices,
  window: RequestWindow,
  work: () => Promise<T>,
): Promise<T> {
  return window.isSilent() ? await silentQueue.run(work) : await work();
}

/**
 * Sends what is due until nothing is, the endpoint stops answering, the lease is lost or the worker stops.
 *
 * @returns the number of attempts
 */
async function deliverDue(
  current: () => Context,
  services: JobServices,
  { lease, window, signal }: { lease: WebhookLease; window: RequestWindow; signal: AbortSignal },
): Promise<number> {
  const { webhookId } = lease;
  const unrecorded = new Map<number, Promise<void>>();
  const results = createRecorder(current, services, lease, window);
  let tried = 0;
  let failure: unknown;
  let page: DueDelivery[] = [];
  let readAt = 0;
  let isComplete = false;
  let after: DueDelivery | null = null;
  let send = (_delivery: DueDelivery): Promise<Attempt> => Promise.reject(new Error("nothing was read"));
  const mustEnd = () => signal.aborted || services.isStopping() || failure !== undefined || window.isSilent();

  async function attempt(delivery: DueDelivery): Promise<void> {
    const began = window.begin();
    tried++;
    const sending = send(delivery);
    const recorded = sending.then((attempt) => {
      window.end(began, attempt.result);
      return results.add(attempt);
    }).catch((error) => void (failure ??= error))
      .finally(() => {
        unrecorded.delete(delivery.id);
        window.notify();
      });
    unrecorded.set(delivery.id, recorded);
    // A request that is not answered soon goes on, but no longer counts among those at a time.
    if (!await within(SLOW_AFTER, sending)) window.becomeSlow(began);
  }

  while (!mustEnd()) {
    if (window.isFull() || unrecorded.size >= MAX_UNRECORDED) {
      await window.changed();
    } else if (page.length > 0 && performance.now() - readAt < MAX_AGE) {
      const delivery = page.pop()!;
      after = delivery;
      await new Promise<void>((begun) => {
        services.webhookQueue.run(async () => {
          const attempted = mustEnd() ? undefined : attempt(delivery);
          begun();
          await attempted;
        });
      });
    } else if (isComplete && page.length === 0 && unrecorded.size === 0) {
      break;
    } else if (isComplete && page.length === 0 && performance.now() - readAt < POLL_INTERVAL) {
      await window.changed(POLL_INTERVAL);
    } else {
      // From the beginning: retries and replays may be due before the last one that was read.
      if (isComplete) after = null;
      const limit = window.pageSize();
      const found = await findDueDeliveries(current(), webhookId, {
        limit,
        after,
        except: [...unrecorded.keys()],
      });
      if (!found) break;
      readAt = performance.now();
      isComplete = found.deliveries.length < limit;
      page = found.deliveries.reverse();
      if (page.length > 0) send = createWebhookSender(current(), services, found.webhook);
    }
  }
  await Promise.all(unrecorded.values());
  // An attempt that could not be recorded is due again at once, under the same id.
  if (failure) throw failure;
  return tried;
}

/** Records attempts in batches, and once that the endpoint has stopped answering. */
function createRecorder(
  current: () => Context,
  services: JobServices,
  lease: WebhookLease,
  window: RequestWindow,
): Batcher<Attempt, undefined> {
  let isSuspended = false;
  return createBatcher(async (batch) => {
    const suspend = !isSuspended && window.isSilent();
    isSuspended ||= suspend;
    const options = suspend ? { suspend: lease } : {};
    await inOwnTime(services, window, () => recordAttempts(current(), lease.webhookId, batch, options));
    return batch.map(() => undefined);
  }, { maxBatchSize: MAX_BATCH });
}
