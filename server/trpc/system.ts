// API keys, settings, events, search, health and live statistics.
import { tracked } from "@trpc/server";
import { z } from "zod";
import { createApiKey, listApiKeys, revokeApiKey } from "../domain/api_keys/api_keys.ts";
import { getEvent, listEvents } from "../domain/events/timeline.ts";
import * as input from "../domain/settings/inputs.ts";
import * as apiKeyInput from "../domain/api_keys/inputs.ts";
import { eventList } from "../domain/events/inputs.ts";
import { search } from "../domain/search/inputs.ts";
import { getFirstSteps } from "../domain/monitoring/first_steps.ts";
import { getHealth } from "../domain/monitoring/health.ts";
import { getLiveStats } from "../domain/monitoring/live_stats.ts";
import { searchEverything } from "../domain/search/search.ts";
import { changeSetting, describeSettings } from "../domain/settings/settings.ts";
import type { SettingName } from "../domain/settings/schema.ts";
import { contexts, shareResult, streamEvents } from "./live.ts";
import { oneId, owner, router, viewer } from "./trpc.ts";

export const apiKeysRouter = router({
  list: owner.input(apiKeyInput.apiKeyList).query(({ ctx: { ctx }, input }) => listApiKeys(ctx, input)),
  create: owner.input(apiKeyInput.newApiKey).mutation(async ({ ctx: { ctx }, input }) => {
    const { row, key } = await createApiKey(ctx, { name: input.name, productId: input.productId ?? null });
    return { id: row.id, name: row.name, prefix: row.prefix, key };
  }),
  revoke: owner.input(oneId).mutation(({ ctx: { ctx }, input }) => revokeApiKey(ctx, input.id)),
});

export const settingsRouter = router({
  list: owner.query(({ ctx: { ctx } }) => describeSettings(ctx)),
  change: owner.input(input.settingChange).mutation(({ ctx: { ctx }, input }) =>
    changeSetting(ctx, input.name as SettingName, input.value as never)
  ),
});

/** Where a subscription continues after an interruption. */
const resumed = z.strictObject({ lastEventId: z.string().max(10_000).nullish() });

export const eventsRouter = router({
  list: viewer.input(eventList).query(({ ctx: { ctx }, input }) => listEvents(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getEvent(ctx, input.id)),
  /**
   * Events as they are committed, each with the routers whose queries it may have changed; after an interruption it
   * continues where it was. A null means that everything shown has to be loaded again, as at the beginning.
   */
  feed: viewer.input(resumed).subscription(async function* ({ ctx: { request }, input, signal }) {
    for await (const { position, event } of streamEvents(request, input.lastEventId ?? null, signal)) {
      yield tracked(position, event);
    }
  }),
});

/** How often live statistics are counted, once for all who watch them; milliseconds. */
const LIVE_INTERVAL = 2000;
const sharedLiveStats = shareResult(LIVE_INTERVAL / 2, getLiveStats);

/** When this process started. */
const startedAt = new Date(performance.timeOrigin);

export const monitoringRouter = router({
  /** The state of the system's parts. Without the database the server answers 503 here as everywhere. */
  health: viewer.query(async ({ ctx: { ctx, request } }) => ({
    server: { startedAt },
    redis: { up: request.services.limiter.isConnected() },
    ...await getHealth(ctx, () => performance.now()),
  })),
  /** The first steps of a new installation, until the first validation succeeds. */
  firstSteps: viewer.query(({ ctx: { ctx } }) => getFirstSteps(ctx)),
  liveStats: viewer.query(({ ctx: { ctx } }) => getLiveStats(ctx)),
  /** Live statistics, whenever they change. */
  live: viewer.input(resumed).subscription(async function* ({ ctx: call, signal }) {
    let sent = "";
    for await (const ctx of contexts(call, LIVE_INTERVAL, signal)) {
      const { at, ...stats } = await sharedLiveStats(ctx);
      if (JSON.stringify(stats) === sent) continue;
      sent = JSON.stringify(stats);
      yield tracked(at.toISOString(), { at, ...stats });
    }
  }),
});

export const searchRouter = router({
  everything: viewer.input(search).query(({ ctx: { ctx }, input }) =>
    searchEverything(ctx, { q: input.q, type: input.type ?? null, limit: input.limit ?? 20 })
  ),
});
