// Deletes what Latchkey keeps in Redis: queues, and counters of limits and attempts. All of it is rebuilt or counted from zero.
import { Redis } from "ioredis";
import { QUEUE_PREFIX } from "../../server/domain/monitoring/queues.ts";

const prefixes = [QUEUE_PREFIX, "limit", "attempts"];
/** Keys asked for at a time. */
const BATCH = 1000;

/** Deletes the keys of Latchkey and no others; returns how many. */
export async function emptyRedis(url: string): Promise<number> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, retryStrategy: () => null, lazyConnect: true });
  let deleted = 0;
  try {
    await redis.connect();
    for (const prefix of prefixes) {
      let cursor = "0";
      do {
        const [next, keys] = await redis.scan(cursor, "MATCH", `${prefix}:*`, "COUNT", BATCH);
        cursor = next;
        if (keys.length > 0) deleted += await redis.unlink(...keys);
      } while (cursor !== "0");
    }
    return deleted;
  } finally {
    redis.disconnect();
  }
}
