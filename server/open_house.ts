// Puts a server's house together: connections, memory, limits, log. What is opened here is closed here.
import { Redis } from "ioredis";
import { connect } from "../db/connect.ts";
import { openEar } from "../db/ear.ts";
import type { Config } from "./config.ts";
import { noteUse } from "./domain/accounts/api_keys.ts";
import { noteRefusedSigns, writeSigns } from "./domain/activations/heartbeat.ts";
import type { RefusedSigns, SignOfLife } from "./domain/context.ts";
import { noteMilestone } from "./domain/milestones.ts";
import { gather } from "./gather.ts";
import { createLimiter } from "./limits.ts";
import { describeError, type Log } from "./log.ts";
import { createMemory, type ServerMemory } from "./memory.ts";
import { createMetrics } from "./metrics.ts";
import { createAddressFinder } from "./rest/address.ts";
import type { House } from "./rest/house.ts";
import { createSeal } from "./seal.ts";

/** How long a sign of life that nobody waits for may wait for company; milliseconds. */
const LINGER = 500;
/** How often the last use of API keys, and heartbeats that were refused, are written; milliseconds. */
const NOTE_USES_EVERY = 10_000;
/** Machines whose refused heartbeats are counted at a time; whoever sends from more is counted in part. */
const REFUSED_AT_MOST = 10_000;

export interface OpenHouse extends House {
  /** From now on the server says that it is not ready. */
  closeDoors(): void;
  /** Writes what is waiting and closes what is open. */
  close(): Promise<void>;
}

/** How long a start waits for Redis before it goes on without; milliseconds. */
const WAIT_FOR_REDIS = 1000;

/** Opens a house. */
export async function openHouse(config: Config, log: Log): Promise<OpenHouse> {
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

  const memory: ServerMemory = createMemory(() => ear.hearing());
  const ear = openEar(config.DATABASE_URL, (notice) => memory.forget(notice), () => memory.forgetAll());
  const limiter = createLimiter(redis, config.REDIS_PATIENCE);
  const metrics = createMetrics();

  const write = async (signs: SignOfLife[]) => {
    await writeSigns(db, signs);
    return signs.map(() => undefined);
  };
  const awaited = gather<SignOfLife, undefined>(write, { most: 500 });
  const lingering = gather<SignOfLife, undefined>(write, { linger: LINGER, most: 2000 });

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
  const refused = new Map<number, RefusedSigns>();
  const writeRefused = async () => {
    const noted = [...refused.values()];
    refused.clear();
    if (noted.length > 0) await noteRefusedSigns(db, noted);
  };
  let hasVerified = false;
  const usesTimer = setInterval(() => {
    writeUses().catch((error) => log.warn("last use of API keys not written", describeError(error)));
    writeRefused().catch((error) => log.warn("refused heartbeats not written", describeError(error)));
  }, NOTE_USES_EVERY);

  let open = true;
  return {
    db,
    memory,
    limiter,
    log,
    metrics,
    signs: {
      write: (sign) => awaited.add(sign),
      writeSoon: (sign) => {
        lingering.add(sign).catch((error) => log.warn("sign of life not written", describeError(error)));
      },
      noteRefused: (sign) => {
        const known = refused.get(sign.activationId);
        if (known) known.count++;
        else if (refused.size < REFUSED_AT_MOST) refused.set(sign.activationId, { ...sign, count: 1 });
      },
      noteVerified: (at) => {
        if (hasVerified) return;
        hasVerified = true;
        noteMilestone(db, "verification", at).catch((error) => {
          hasVerified = false;
          log.warn("the first verification is not noted", describeError(error));
        });
      },
    },
    noteKeyUse: (id, at) => uses.set(id, at),
    seal: createSeal(config.ENCRYPTION_KEY),
    addressOf: createAddressFinder(config.TRUSTED_PROXIES),
    isOpen: () => open,
    closeDoors: () => open = false,
    async close() {
      clearInterval(usesTimer);
      await Promise.allSettled([awaited.drain(), lingering.drain(), writeUses(), writeRefused()]);
      limiter.close();
      redis.disconnect();
      await ear.close();
      await db.end({ timeout: 5 });
    },
  };
}
