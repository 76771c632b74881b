// What every request handler gets: connections, cache, limits, log. Opened once for each process, closed here.
import { startChangeListener } from "../../db/change_listener.ts";
import { type Database, poolUsageOf } from "../../db/connect.ts";
import { eventsOf, masterNodes, openRedis, type RedisConnection } from "../../db/redis.ts";
import type { Config } from "../config.ts";
import type { Clock } from "../../db/clock.ts";
import type { AttemptCounter } from "../domain/attempts/attempt_counter.ts";
import type { Batches, Cipher, HeartbeatWriter } from "../domain/context.ts";
import { type BalanceCache, createBalanceCache } from "../domain/meters/balance_cache.ts";
import { EVENTS_COMMITTED, isCacheTag, kindOf, tagOfAll } from "../domain/events/catalogue/cache_tags.ts";
import { defaultSettings, type Settings } from "../domain/settings/schema.ts";
import { readSettings } from "../domain/settings/settings.ts";
import { type AllowedNetworks, readNetworks } from "../domain/webhooks/address.ts";
import type { WebhookFormats } from "../domain/webhooks/format.ts";
import { keepTicketsAfterOutage } from "../domain/seats/tickets.ts";
import { type ApiRequestWriter, startApiRequestWriter } from "./api_request_writer.ts";
import { createAttemptCounter } from "./attempt_counter.ts";
import { createAttemptReports } from "./attempt_reports.ts";
import { createBatches } from "./batches.ts";
import { createCache, type ServerCache } from "./cache.ts";
import { createCipher } from "./cipher.ts";
import { createAddressFinder } from "./client_address.ts";
import { openDatabases } from "./databases.ts";
import { createEventStream, type EventStream } from "./event_stream.ts";
import { startHeartbeatWriter } from "./heartbeat_writer.ts";
import { type IdentityProvider, openIdentityProvider } from "./identity_provider.ts";
import { startKeyUsage } from "./key_usage.ts";
import { createLimits, type Limits } from "./limits.ts";
import { describeError, type Log } from "./log.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { startProcessClock } from "./process_clock.ts";
import { type Readiness, startReadiness } from "./readiness.ts";
import { serverChecks } from "./readiness_checks.ts";
import { openReplica, type ReplicaPool } from "./replica.ts";
import { createRateLimiter, type RateLimiter } from "./rate_limiter.ts";
import { createStreamSlots, type StreamSlots } from "./stream_slots.ts";

/** The part of the configuration that handlers need. */
export interface Site {
  /** Where the panel is reached. */
  publicUrl: string;
  /** Whether mail is sent. */
  hasMail: boolean;
  /** Signs the tokens that give access to statistics. */
  jwtSecret: string;
  /** Networks webhooks may reach although they are not public. */
  webhookNetworks: AllowedNetworks;
  /** The bodies of webhooks by dialect. */
  webhookFormats: WebhookFormats;
}

/** The part of the configuration that handlers need. */
export function createSite(config: Config, webhookFormats: WebhookFormats): Site {
  return {
    publicUrl: config.PUBLIC_URL,
    hasMail: config.SMTP_URL !== undefined || (config.development ?? false),
    jwtSecret: config.JWT_SECRET,
    webhookNetworks: readNetworks(config.WEBHOOK_ALLOWED_ADDRESSES),
    webhookFormats,
  };
}

export interface AppServices {
  /** For requests, which share its time limits: see `RequestContext.lookup` and `open`. */
  db: Database;
  /** For imports and exports. */
  transferDb: Database;
  /** Milliseconds that a request may wait for the database. */
  databaseTimeout: number;
  /** The database's time. */
  clock: Clock;
  /** When this process started. */
  startedAt: Date;
  cache: ServerCache;
  /** The replica of REPLICA_URL; null without one. */
  replica: ReplicaPool | null;
  /** Events as they are committed, for the panels. */
  eventStream: EventStream;
  /** How many streams of the panel are open, which is limited. */
  streams: StreamSlots;
  heartbeats: HeartbeatWriter;
  /** Work that requests share. */
  batches: Batches;
  /** The balances of meters that validations show. */
  balances: BalanceCache;
  /** The log of API requests. */
  apiRequests: ApiRequestWriter;
  /** Records that an API key was used; written within some seconds. */
  recordKeyUse(id: number, at: Date): void;
  limiter: RateLimiter;
  limits: Limits;
  log: Log;
  metrics: Metrics;
  cipher: Cipher;
  /** Limits attempts to sign in; undefined where the configuration does not. */
  attempts: AttemptCounter | undefined;
  /** The company's identity provider; null where none is configured. */
  identityProvider: IdentityProvider | null;
  site: Site;
  /** The owner's settings, from the cache where they are in it. */
  settings(): Settings | Promise<Settings>;
  /** The address a request comes from. */
  addressOf(peer: string, forwarded: string | null): string;
  /** Whether the server accepts requests: false from `beginShutdown` on. */
  isReady(): boolean;
  /** The state of everything the server needs. */
  readiness: Readiness;
}

export interface RunningServices extends AppServices {
  /** From now on the server reports that it is not ready. */
  beginShutdown(): void;
  /** Writes what is waiting and closes the connections. */
  close(): Promise<void>;
}

/** How long a start waits for Redis before it continues without; milliseconds. */
const WAIT_FOR_REDIS = 1000;

/** Opens the services of a server process. */
export async function startServices(
  config: Config,
  log: Log,
  webhookFormats: WebhookFormats,
): Promise<RunningServices> {
  const databases = openDatabases(config);
  const { db } = databases;
  const [clock, redis] = await Promise.all([
    startProcessClock(databases.checks, log, "server"),
    connectRedis(config.REDIS_URL, log),
  ]);
  await keepTicketsAfterOutage({ db: databases.checks, now: clock.now() }).catch((error) =>
    log.warn("the queues for seats were not kept", describeError(error))
  );
  const cache: ServerCache = createCache(() => changes.isFresh());
  const changes = startChangeListener(
    config.LISTEN_URL ?? config.DATABASE_URL,
    {
      onChange(tag) {
        if (!isCacheTag(tag)) return;
        cache.invalidate(tag);
        // A setting may require a second factor that a session lacks.
        if (["administrator", "setting"].includes(kindOf(tag))) eventStream.checkSessions();
      },
      onGap() {
        cache.invalidateAll();
        eventStream.checkSessions();
      },
      onNotification(payload) {
        if (payload !== EVENTS_COMMITTED) return;
        eventStream.wake();
        if (replica) changes.look();
      },
    },
  );
  const replica = config.REPLICA_URL ? openReplica(config.REPLICA_URL, config, changes, log) : null;
  // Panels read lists again when an event arrives.
  const eventStream = createEventStream(db, log, () => replica && changes.look());
  const limiter = createRateLimiter(redis, config.REDIS_TIMEOUT_MS);
  const heartbeats = startHeartbeatWriter(databases.batches, log);
  const batches = createBatches(databases.shared, log);
  const keyUsage = startKeyUsage(databases.batches, log);
  const limits = createLimits(config);
  const cipher = createCipher(config.ENCRYPTION_KEY, config.ENCRYPTION_KEY_PREVIOUS);
  const reports = createAttemptReports(db, cipher, log);
  const streams = createStreamSlots();
  let isReady = true;
  const readiness = startReadiness(
    serverChecks({
      db: databases.checks,
      clock,
      cipher,
      limiter,
      changes,
      replica,
      isAccepting: () => isReady,
    }),
    clock.now,
  );
  const settings = () => {
    const found = cache.getOrLoad("settings", async () => ({
      value: await readSettings(db),
      invalidationTag: tagOfAll("setting"),
    }));
    return found instanceof Promise
      ? found.then((settings) => settings ?? defaultSettings)
      : found ?? defaultSettings;
  };
  const apiRequests = startApiRequestWriter({ db: databases.batches, log, now: clock.now, settings });
  const metrics = createMetrics({
    apiRequests: apiRequests.counts,
    clock,
    cache,
    pool: poolUsageOf(db),
    streams,
    readiness,
  });
  return {
    db,
    transferDb: databases.transfer,
    databaseTimeout: config.DATABASE_TIMEOUT_MS,
    clock,
    startedAt: new Date(clock.now().getTime() - performance.now()),
    cache,
    replica,
    eventStream,
    limiter,
    limits,
    attempts: limits.attempts
      ? createAttemptCounter(redis, config.REDIS_TIMEOUT_MS, limits.attempts, reports.report)
      : undefined,
    log,
    metrics,
    streams,
    heartbeats,
    batches,
    balances: createBalanceCache(),
    apiRequests,
    recordKeyUse: keyUsage.record,
    cipher,
    identityProvider: openIdentityProvider(config, log, clock),
    site: createSite(config, webhookFormats),
    settings,
    addressOf: createAddressFinder(config.TRUSTED_PROXIES),
    isReady: () => isReady,
    readiness,
    beginShutdown() {
      isReady = false;
      eventStream.close();
    },
    async close() {
      await Promise.allSettled([
        heartbeats.close(),
        batches.drain(),
        keyUsage.close(),
        apiRequests.close(),
        reports.close(),
        clock.close(),
      ]);
      readiness.close();
      metrics.close();
      limiter.close();
      redis.disconnect();
      await changes.close();
      await Promise.all([databases.close(), replica?.close()]);
    },
  };
}

/** Connects to Redis and waits for it a moment, so that limits are shared from the first request on. */
async function connectRedis(url: string, log: Log): Promise<RedisConnection> {
  const redis = openRedis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
  });
  let isUp = true;
  const events = eventsOf(redis);
  events.on("ready", () => isUp = true);
  events.on("error", (error) => {
    if (isUp) log.warn("redis unavailable: each process counts its own limits", { error: error.message });
    isUp = false;
  });
  const connected = new Promise((resolve) => {
    for (const event of ["ready", "error"]) events.once(event, resolve);
  }).then(() => Promise.allSettled(masterNodes(redis).map((node) => node.ping())));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise((resolve) => timer = setTimeout(resolve, WAIT_FOR_REDIS));
  await Promise.race([connected, timeout]).finally(() => clearTimeout(timer));
  return redis;
}
