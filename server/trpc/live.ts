// What subscriptions have in common: they end when the client leaves, the session ends, the role is revoked or the
// server stops.
import { tracked, type TrackedEnvelope } from "@trpc/server";
import { z } from "zod";
import { poolOf } from "../../db/handles.ts";
import { definitionOf } from "../domain/events/catalogue/catalogue.ts";
import type { PanelRouter } from "../domain/events/catalogue/definition.ts";
import type { ListedEvent } from "../domain/events/timeline.ts";
import { requireRole } from "../domain/authorization.ts";
import type { Context } from "../domain/context.ts";
import { maskKey } from "../domain/licenses/pasted_key.ts";
import { seesKeys } from "../domain/shown_key.ts";
import { DomainError } from "../domain/errors.ts";
import type { StreamItem } from "../request/event_stream.ts";
import { RequestError } from "../request/request_error.ts";
import type { RequestContext } from "../request/request_context.ts";
import type { LiveStream } from "./live_body.ts";
import { openContext } from "./trpc.ts";

/** How often the session of a stream is checked; milliseconds. Changes of sessions wake it as soon as they are heard. */
const SESSION_CHECK_INTERVAL = 2000;

/** An event for the panel, and the routers whose queries it may have changed. */
export type StreamedEvent = ListedEvent & { refreshes: readonly PanelRouter[] };

/** What the resolver of a subscription receives. */
interface Call {
  ctx: { request: RequestContext; live: LiveStream | null };
  signal: AbortSignal | undefined;
}

/**
 * The resolver of a subscription, which yields batches of items, and one without items at least every few seconds. They are
 * sent by the stream of the call and not by tRPC, which learns the type of an item here. When the client has left or the server
 * stops it ends without an error, such as that of a database that restarts at that moment.
 */
export function subscription<Received extends Call, Item>(
  run: (call: Received) => AsyncGenerator<readonly Item[]>,
): (call: Received) => AsyncGenerator<Item> {
  return (call) => {
    const { live, request } = call.ctx;
    if (!live) throw new Error("A subscription needs a stream");
    live.batches = untilLeft(run({ ...call, signal: live.signal }), live.signal, request);
    return nothing();
  };
}

async function* untilLeft<Item>(
  batches: AsyncGenerator<Item>,
  signal: AbortSignal,
  request: RequestContext,
): AsyncGenerator<Item> {
  try {
    yield* batches;
  } catch (error) {
    if (!signal.aborted && request.services.isReady()) throw error;
  }
}

async function* nothing<Item>(): AsyncGenerator<Item> {
  yield* [];
}

/**
 * Events as they are committed; null where events may be missing and everything shown has to be loaded again, as at the
 * beginning. Callers who see the same get the same batches.
 *
 * @param after the position of the last event that arrived; null begins now
 * @param signal aborted when the client has left
 * @param drop called when the client does not keep up
 */
export async function* streamEvents(
  { request, ctx: initial }: { request: RequestContext; ctx: Context },
  after: string | null,
  signal: AbortSignal | undefined,
  drop: () => void,
): AsyncGenerator<readonly TrackedEvent[], void> {
  const subscription = await request.services.eventStream.subscribe(after, drop);
  signal?.addEventListener("abort", subscription.close, { once: true });
  let checkedAt = performance.now();
  let ctx = initial;
  try {
    while (!signal?.aborted) {
      const items = await subscription.next(SESSION_CHECK_INTERVAL);
      if (!items) return;
      if (items.length === 0 || performance.now() - checkedAt >= SESSION_CHECK_INTERVAL) {
        const reopened = await reopen(request);
        if (!reopened) return;
        ctx = reopened;
        checkedAt = performance.now();
      }
      yield shownTo(ctx, items);
    }
  } finally {
    subscription.close();
  }
}

type TrackedEvent = TrackedEnvelope<StreamedEvent | null>;

/** Batches of events with license keys in full and with masked ones, made once for all streams. */
const shownBatches = {
  full: new WeakMap<readonly StreamItem[], TrackedEvent[]>(),
  masked: new WeakMap<readonly StreamItem[], TrackedEvent[]>(),
};

/** Events as this caller sees them. */
function shownTo(ctx: Context, items: readonly StreamItem[]): TrackedEvent[] {
  const batches = seesKeys(ctx) ? shownBatches.full : shownBatches.masked;
  let batch = batches.get(items);
  if (!batch) {
    const show = (event: ListedEvent): StreamedEvent => ({
      ...event,
      licenseKey: event.licenseKey === null || seesKeys(ctx) ? event.licenseKey : maskKey(event.licenseKey),
      refreshes: definitionOf(event.type)?.refreshes ?? [],
    });
    batch = items.map(({ position, event }) => tracked(position, event && show(event)));
    batches.set(items, batch);
  }
  return batch;
}

/**
 * A new context every so many milliseconds, and when sessions have changed.
 *
 * @param initial the context the subscription was opened with
 */
export async function* contexts(
  { request, ctx: initial }: { request: RequestContext; ctx: Context },
  intervalMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Context> {
  let ctx: Context | null = initial;
  const { eventStream } = request.services;
  const isActive = () => !signal?.aborted && request.services.isReady();
  while (ctx && isActive()) {
    yield ctx;
    const end = performance.now() + intervalMs;
    const { sessionChanges } = eventStream;
    while (performance.now() < end && isActive() && sessionChanges === eventStream.sessionChanges) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(100, end - performance.now())));
    }
    // Where the server stops, the database may not be reachable any more.
    if (!isActive()) return;
    ctx = await reopen(request);
  }
}

/**
 * Shares the result of a query between callers at about the same time.
 *
 * @param maxAge milliseconds after which it is loaded again
 * @param load its result must not depend on the caller
 */
export function shareResult<T>(
  maxAge: number,
  load: (ctx: Context) => Promise<T>,
): (ctx: Context) => Promise<T> {
  const results = new WeakMap<object, { loadedAt: number; result: Promise<T> }>();
  return (ctx) => {
    const pool = poolOf(ctx.db);
    const shared = results.get(pool);
    if (shared && performance.now() - shared.loadedAt < maxAge) return shared.result;
    const result = load(ctx);
    results.set(pool, { loadedAt: performance.now(), result });
    result.catch(() => results.delete(pool));
    return result;
  };
}

/**
 * A context by the session as it is now; null when it has ended, its administrator may read nothing any more, or the server
 * stops.
 */
async function reopen(request: RequestContext): Promise<Context | null> {
  try {
    request.renewTime();
    const ctx = await openContext(request);
    requireRole(ctx, "viewer");
    return ctx;
  } catch (error) {
    const isExpected = error instanceof DomainError || error instanceof RequestError;
    if (isExpected || !request.services.isReady()) return null;
    throw error;
  }
}

/** Where a subscription continues after an interruption. */
export const resumed = z.strictObject({ lastEventId: z.string().max(10_000).nullish() });
