// Connections to Redis, one server or a cluster of them. No other file opens one.
import type { EventEmitter } from "node:events";
import { Cluster, type ClusterNode, Redis, type RedisOptions } from "ioredis";
import { readRedisUrl } from "./redis_url.ts";

/**
 * How often the nodes of a cluster are asked which has which keys; milliseconds. Errors lead to the same question, but a
 * node that hangs gives none.
 */
const SLOTS_REFRESH_INTERVAL = 2000;

export type RedisConnection = Redis | Cluster;

/**
 * Opens a connection; of a cluster, one to each node that is used.
 *
 * @param url as `readRedisUrl` takes it
 * @param options of ioredis; of a cluster, `retryStrategy` says when it is tried again after no node has answered
 */
export function openRedis(url: string, options: RedisOptions): RedisConnection {
  const { isCluster, urls } = readRedisUrl(url);
  if (!isCluster) return new Redis(url, options);
  const { retryStrategy, enableOfflineQueue, lazyConnect, ...nodeOptions } = options;
  const isEncrypted = urls[0].protocol === "rediss:";
  const nodes = urls.map(({ hostname, port }): ClusterNode => ({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || 6379),
  }));
  const cluster = new Cluster(nodes, {
    enableOfflineQueue,
    lazyConnect,
    slotsRefreshInterval: SLOTS_REFRESH_INTERVAL,
    clusterRetryStrategy: retryStrategy as (attempt: number) => number | null,
    // Names are left as they are: a node's certificate has its name.
    dnsLookup: isEncrypted ? (name, found) => found(null, name) : undefined,
    redisOptions: {
      ...nodeOptions,
      username: decodeURIComponent(urls[0].username) || undefined,
      password: decodeURIComponent(urls[0].password) || undefined,
      tls: isEncrypted ? {} : undefined,
    },
  });
  // Otherwise a node is connected by its first command, and others that arrive meanwhile are refused or wait.
  cluster.on("+node", (node: Redis) => void node.connect().catch(() => {}));
  return cluster;
}

/** The events of a connection, "ready", "error" and "end", which both kinds have. */
export function eventsOf(redis: RedisConnection): EventEmitter {
  return redis;
}

/**
 * Connects what was opened with `lazyConnect`.
 *
 * @throws Error when it cannot be reached and is not tried again
 */
export async function connectRedis(redis: RedisConnection): Promise<void> {
  let lastError: Error | undefined;
  const events = eventsOf(redis);
  events.on("error", (error) => lastError = error.lastNodeError ?? error);
  // A cluster that is down settles no promise of `connect`.
  const ended = new Promise<void>((_, reject) =>
    events.once("end", () => reject(new Error("Redis does not answer, or the cluster is down.")))
  );
  await Promise.race([redis.connect(), ended]).catch((error) => Promise.reject(lastError ?? error));
}

/** The server, or each master of the cluster: commands about all keys are for one node. */
export function masterNodes(redis: RedisConnection): Redis[] {
  return redis instanceof Cluster ? redis.nodes("master") : [redis];
}
