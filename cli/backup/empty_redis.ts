// Deletes what Latchkey keeps in Redis: queues, and counters of limits and attempts. All of it is rebuilt or counted from zero.
import { connectRedis, masterNodes, openRedis } from "../../db/redis.ts";
import { allKeys } from "../../db/redis_keys.ts";

/** Keys asked for at a time. */
const BATCH = 1000;

/** Deletes the keys of Latchkey and no others; returns how many. */
export async function emptyRedis(url: string): Promise<number> {
  const redis = openRedis(url, { maxRetriesPerRequest: 1, retryStrategy: () => null, lazyConnect: true });
  let deleted = 0;
  try {
    await connectRedis(redis);
    for (const node of masterNodes(redis)) {
      let cursor = "0";
      do {
        const [next, keys] = await node.scan(cursor, "MATCH", allKeys, "COUNT", BATCH);
        cursor = next;
        // One by one: a command of several keys is refused by a cluster where their slots differ.
        const results = await Promise.all(keys.map((key) => node.unlink(key)));
        deleted += results.reduce((sum, count) => sum + count, 0);
      } while (cursor !== "0");
    }
    return deleted;
  } finally {
    redis.disconnect();
  }
}
