// Puts a server's house together: connections, cache, limits, log. What is opened here is closed here.
import { Redis } from "ioredis";
import { connect } from "../../db/connect.ts";
import { startChangeListener } from "../../db/change_listener.ts";
import type { Config } from "../config.ts";
import { isCacheTag } from "../domain/events/catalogue/cache_tags.ts";
import { noteUse } from "../domain/api_keys/api_keys.ts";
import { recordRefusedHeartbeats, writeHeartbeats } from "../domain/activations/heartbeat.ts";
import type { Heartbeat, RefusedHeartbeats } from "../domain/context.ts";
import { recordMilestone } from "../domain/milestones.ts";
import { createBatcher } from "./batch.ts";
import { createRateLimiter } from "./rate_limiter.ts";
import { describeError, type Log } from "./log.ts";
import { createCache, type ServerCache } from "./cache.ts";
import { createMetrics } from "./metrics.ts";
import { createAddressFinder } from "./client_address.ts";
import type { AppServices } from "./app_services.ts";
import { createCipher } from "./cipher.ts";

/** How long a sign of life that nobody waits for may wait for company; milliseconds. */
const MAX_DELAY = 500;
/** How often the last use of API keys, and heartbeats that were refused, are written; milliseconds. */
const NOTE_USES_EVERY = 10_000;
/** Machines whose refused heartbeats are counted at a time; whoever sends from more is counted in part. */
const REFUSED_AT_MOST = 10_000;

export interface RunningServices extends AppServices {
  /** From now on the server says that it is not ready. */
  beginShutdown(): void;
  /** Writes what is waiting and closes what is open. */
  close(): Promise<void>;
}

/** How long a start waits for Redis before it goes on without; milliseconds. */
const WAIT_FOR_REDIS = 1000;

/** Opens a house. */
export async function startServices(config: Config, log: Log): Promise<RunningServices> {
  const db = connect(config.DATABASE_URL, { max: 20, name: "latchkey server" });
  const redis = new Redis(config.REDIS_URL, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
  });
  let redisIsUp = true;
  redis.on("ready", () => redisIsUp = true);
  redis.on("error", (error) => {
    if (redisIsUp) log.warn("redis unavailable: each process keeps its own limits", { error: error.message });
    redisIsUp = false;
  });
  // Limits are to be shared from the first request on, if they can be.
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, WAIT_FOR_REDIS);
    for (const sign of ["ready", "error"]) redis.once(sign, () => (clearTimeout(timer), resolve()));
  });

  const cache: ServerCache = createCache(() => changes.isFresh());
  const changes = startChangeListener(
    config.DATABASE_URL,
    (notification) => isCacheTag(notification) && cache.invalidate(notification),
    () => cache.invalidateAll(),
  );
  const limiter = createRateLimiter(redis, config.REDIS_TIMEOUT_MS);
  const metrics = createMetrics();

  const write = async (signs: Heartbeat[]) => {
    await writeHeartbeats(db, signs);
    return signs.map(() => undefined);
  };
  const awaited = createBatcher<Heartbeat, undefined>(write, { maxBatchSize: 500 });
  const delayed = createBatcher<Heartbeat, undefined>(write, { maxDelay: MAX_DELAY, maxBatchSize: 2000 });

  const uses = new Map<number, Date>();
  const writeUses = async () => {
    const noted = [...uses].map(([id, at]) => ({ id, at }));
    uses.clear();
    if (noted.length === 0) return;
    await noteUse(db, noted).catch((error) => {
      // Kept for the next time, unless they were used again meanwhile.
      for (const { id, at } of noted) if (!uses.has(id)) uses.set(id, at);
      throw error;
    });
  };
  const refused = new Map<number, RefusedHeartbeats>();
  const writeRefused = async () => {
    const noted = [...refused.values()];
    refused.clear();
    if (noted.length > 0) await recordRefusedHeartbeats(db, noted);
  };
  let hasVerified = false;
  const usesTimer = setInterval(() => {
    writeUses().catch((error) => log.warn("last use of API keys not written", describeError(error)));
    writeRefused().catch((error) => log.warn("refused heartbeats not written", describeError(error)));
  }, NOTE_USES_EVERY);

  let open = true;
  return {
    db,
    cache,
    limiter,
    log,
    metrics,
    heartbeats: {
      write: (sign) => awaited.add(sign),
      writeLater: (sign) => {
        delayed.add(sign).catch((error) => log.warn("sign of life not written", describeError(error)));
      },
      countRefused: (sign) => {
        const known = refused.get(sign.activationId);
        if (known) known.count++;
        else if (refused.size < REFUSED_AT_MOST) refused.set(sign.activationId, { ...sign, count: 1 });
      },
      recordVerified: (at) => {
        if (hasVerified) return;
        hasVerified = true;
        recordMilestone(db, "verification", at).catch((error) => {
          hasVerified = false;
          log.warn("the first verification is not noted", describeError(error));
        });
      },
    },
    recordKeyUse: (id, at) => uses.set(id, at),
    cipher: createCipher(config.ENCRYPTION_KEY),
    addressOf: createAddressFinder(config.TRUSTED_PROXIES),
    isReady: () => open,
    beginShutdown: () => open = false,
    async close() {
      clearInterval(usesTimer);
      await Promise.allSettled([awaited.drain(), delayed.drain(), writeUses(), writeRefused()]);
      limiter.close();
      redis.disconnect();
      await changes.close();
      await db.end({ timeout: 5 });
    },
  };
}
