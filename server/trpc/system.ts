// The house itself: API keys, settings, the record of events, search, and the numbers of the moment, live.
import { tracked } from "@trpc/server";
import { z } from "zod";
import { createApiKey, listApiKeys, revokeApiKey } from "../domain/api_keys/api_keys.ts";
import { followTimeline, getEvent, listEvents } from "../domain/events/timeline.ts";
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
import { contexts } from "./live.ts";
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

/** Where a subscription goes on after a break. */
const resumed = z.strictObject({ lastEventId: z.string().max(10_000).nullish() });

export const eventsRouter = router({
  list: viewer.input(eventList).query(({ ctx: { ctx }, input }) => listEvents(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getEvent(ctx, input.id)),
  /**
   * What happens, as it happens; after a break it goes on where it was. A null says that from there on everything is
   * told: whoever asked for something before asks again.
   */
  feed: viewer.input(resumed).subscription(async function* ({ ctx: call, input, signal }) {
    let last = input.lastEventId ?? null;
    let isTold = false;
    for await (const ctx of contexts(call, 500, signal)) {
      const found = await followTimeline(ctx, last);
      last = found.last;
      for (const { event, place } of found.events) yield tracked(place, event);
      if (!isTold) yield tracked(last, null);
      isTold = true;
    }
  }),
});

/** When this process began. */
const startedAt = new Date(performance.timeOrigin);

export const monitoringRouter = router({
  /** Whether everything is well. Without its database the server answers 503 here as everywhere. */
  health: viewer.query(async ({ ctx: { ctx, request } }) => ({
    server: { startedAt },
    redis: { up: request.services.limiter.isConnected() },
    ...await getHealth(ctx, () => performance.now()),
  })),
  /** How far an empty house has come, until the first verification succeeds. */
  firstSteps: viewer.query(({ ctx: { ctx } }) => getFirstSteps(ctx)),
  liveStats: viewer.query(({ ctx: { ctx } }) => getLiveStats(ctx)),
  /** The numbers of the moment, whenever they change. */
  live: viewer.input(resumed).subscription(async function* ({ ctx: call, signal }) {
    let told = "";
    for await (const ctx of contexts(call, 2000, signal)) {
      const { at, ...stats } = await getLiveStats(ctx);
      if (JSON.stringify(stats) === told) continue;
      told = JSON.stringify(stats);
      yield tracked(at.toISOString(), { at, ...stats });
    }
  }),
});

export const searchRouter = router({
  everything: viewer.input(search).query(({ ctx: { ctx }, input }) =>
    searchEverything(ctx, { q: input.q, type: input.type ?? null, limit: input.limit ?? 20 })
  ),
});
