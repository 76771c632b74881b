// A worker process: receives jobs from the queues and runs them. PostgreSQL holds all state, also of the schedules, and Redis
// only starts the jobs.
import { Queue, Worker } from "bullmq";
import { connect, isUnavailable, poolUsageOf } from "../db/connect.ts";
import { eventsOf, openRedis } from "../db/redis.ts";
import { timeLimits } from "../db/time_limits.ts";
import { isTracing } from "../db/tracing.ts";
import type { Config } from "../server/config.ts";
import { version } from "../server/version.ts";
import { planNextRun } from "../server/domain/schedules.ts";
import { QUEUE_PREFIX, type QueueName, queueNames } from "../server/domain/monitoring/queues.ts";
import { getSystemState } from "../server/domain/monitoring/system_state.ts";
import { systemContext } from "../server/domain/system_context.ts";
import { readNetworks } from "../server/domain/webhooks/address.ts";
import type { WebhookFormats } from "../server/domain/webhooks/format.ts";
import { createWorkQueue } from "../server/domain/work_queue.ts";
import { createCipher } from "../server/request/cipher.ts";
import { describeError, type Log } from "../server/request/log.ts";
import { startProcessClock } from "../server/request/process_clock.ts";
import { divideDrainTime, within } from "../server/request/within.ts";
import { startHealthChecks } from "./health_check.ts";
import type { JobServices } from "./job_services.ts";
import { traceJob } from "./job_spans.ts";
import { openMailer } from "./mailer.ts";
import { createWorkerMetrics, serveMetrics } from "./metrics.ts";
import { createOutage } from "./outage.ts";
import { concurrencyOf, type Job, jobs } from "./schedule.ts";
import { startSchemaChecks } from "./schema_check.ts";
import { startScheduler } from "./scheduler.ts";
import { type WorkerTiming, workerTiming } from "./timing.ts";
import { createWebhookClient } from "./webhook_client.ts";

/** Webhook requests at a time, without those that have not been answered for a second. */
const MAX_WEBHOOK_REQUESTS = 256;
/** Statements about endpoints that do not answer, at a time; the pool has ten connections. */
const MAX_SILENT_STATEMENTS = 2;
/** How long running jobs may take to finish at shutdown when Redis is not there; milliseconds. */
const SHUTDOWN_TIMEOUT_WITHOUT_REDIS = 5000;

export interface RunningWorker {
  /** The port of the metrics; null when they are not served. */
  metricsPort: number | null;
  /**
   * Finishes the running jobs and starts no more. What is not finished before DRAIN_TIME_MS is over runs again in another
   * worker.
   *
   * @returns whether every job has finished
   */
  stop(): Promise<boolean>;
}

/**
 * Starts a worker.
 *
 * @param webhookFormats the bodies of webhooks by dialect
 * @param only the queues it works on; all of them when empty
 * @param timing shorter times, for tests
 * @throws Error for a queue that does not exist
 */
export async function startWorker(
  config: Config,
  log: Log,
  webhookFormats: WebhookFormats,
  only: string[] = [],
  timing: WorkerTiming = workerTiming,
): Promise<RunningWorker> {
  const unknown = only.find((name) => !queueNames.some((known) => known === name));
  if (unknown) throw new Error(`There is no queue "${unknown}". There are: ${queueNames.join(", ")}.`);
  const cipher = createCipher(config.ENCRYPTION_KEY, config.ENCRYPTION_KEY_PREVIOUS);
  const pools = {
    jobs: connect(config.DATABASE_URL, { max: 10, name: "latchkey worker", limits: timeLimits.job }),
    // Each of eight jobs may need a second connection, to save its progress beside its transaction.
    longJobs: connect(config.DATABASE_URL, { max: 12, name: "latchkey long jobs", limits: timeLimits.long }),
    checks: connect(config.DATABASE_URL, { max: 2, name: "latchkey checks", limits: timeLimits.job }),
  };
  const clock = await startProcessClock(pools.checks, log, "worker");
  const webhookClient = createWebhookClient(
    readNetworks(config.WEBHOOK_ALLOWED_ADDRESSES),
    timing.webhookTimeout,
  );
  const mailer = openMailer(config);
  if (!mailer.isReady) log.warn("no mail server: mail waits until SMTP_URL is set");
  const connection = openRedis(config.REDIS_URL, {
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
  });
  const outages = {
    database: createOutage(log, "database", { settle: 500 }),
    redis: createOutage(log, "redis"),
  };
  let redisIsUp = true;
  const redisEvents = eventsOf(connection);
  redisEvents.on("ready", () => {
    redisIsUp = true;
    outages.redis.succeeded();
  });
  redisEvents.on("error", (error) => {
    redisIsUp = false;
    if (!isStopping) outages.redis.failed(error);
  });
  let isStopping = false;

  const queues = queueNames.map((name) => new Queue(name, { connection, prefix: QUEUE_PREFIX }));
  const queueOf = (name: QueueName) => queues[queueNames.indexOf(name)];
  const metrics = createWorkerMetrics({
    queues,
    clock,
    pool: poolUsageOf(pools.jobs),
    isRedisUp: () => redisIsUp,
    readState: () => getSystemState({ db: pools.checks, now: clock.now() }),
  });

  const services: JobServices = {
    now: clock.now,
    mailer,
    publicUrl: config.PUBLIC_URL,
    post: webhookClient.post,
    webhookQueue: createWorkQueue(null, {
      concurrency: MAX_WEBHOOK_REQUESTS,
      maxWaiting: Infinity,
      duration: 0,
    }),
    silentQueue: createWorkQueue(null, {
      concurrency: MAX_SILENT_STATEMENTS,
      maxWaiting: Infinity,
      duration: 0,
    }),
    webhookFormats,
    countDelivery: metrics.countDelivery,
    async enqueue(queue, job, subjectIds) {
      await queueOf(queue).addBulk(subjectIds.map((subjectId) => ({
        name: job,
        data: { subjectId },
        // The id allows one job at a time for each subject, and is free again as soon as the job has ended.
        opts: { jobId: `${job}-${subjectId}`, removeOnComplete: true, removeOnFail: true },
      })));
    },
    timing,
    isStopping: () => isStopping,
    leases: pools.jobs,
  };

  async function run(job: Job | undefined, subjectId = 0): Promise<unknown> {
    if (!job) return { skipped: "unknown job" };
    const began = performance.now();
    const count = (result: "done" | "failed") =>
      metrics.countJob(job.queue, job.name, result, performance.now() - began);
    try {
      const { result, traceId } = await traceJob(job, async (traceparent) => {
        const ctx = await systemContext(
          job.takesLong ? pools.longJobs : pools.jobs,
          job.name,
          clock.now(),
          cipher,
        );
        return await job.run({ ...ctx, traceparent }, services, subjectId);
      });
      log.debug("job done", { job: job.name, trace_id: traceId, ...result });
      await plan(job, true);
      outages.database.succeeded(began);
      count("done");
      return result;
    } catch (error) {
      if (isUnavailable(error)) outages.database.failed(error);
      count("failed");
      // The database may be what failed; the job is due again anyway.
      await plan(job, false).catch(() => {});
      throw error;
    }
  }

  async function plan({ name, every }: Job, isDone: boolean): Promise<void> {
    if (every !== null) await planNextRun({ db: pools.jobs, now: clock.now() }, { job: name, every }, isDone);
  }

  const workers = queueNames.filter((name) => only.length === 0 || only.includes(name)).map((name) =>
    new Worker(name, ({ name, data }) => run(jobs.find((job) => job.name === name), data.subjectId), {
      connection,
      prefix: QUEUE_PREFIX,
      concurrency: concurrencyOf(name),
      lockDuration: timing.jobLock,
      stalledInterval: timing.stalledInterval,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      removeOnComplete: { count: 100 },
      removeOnFail: { count: 1000 },
    })
  );

  for (const queue of queues) {
    queue.on("error", (error) => log.debug("queue error", { error: error.message }));
  }
  for (const worker of workers) {
    worker.on("failed", (job, error) => {
      if (!isUnavailable(error)) log.error("job failed", { job: job?.name, ...describeError(error) });
    });
    worker.on("error", (error) => log.debug("worker error", { error: error.message }));
  }
  const served = config.WORKER_METRICS_PORT === undefined ? null : await serveMetrics(metrics, {
    host: config.HOST,
    port: config.WORKER_METRICS_PORT,
    token: config.METRICS_TOKEN,
  });
  const scheduler = startScheduler({
    db: pools.jobs,
    now: clock.now,
    jobs,
    queueOf,
    isAvailable: () => redisIsUp,
    outage: outages.database,
    log,
  });
  const healthChecks = startHealthChecks(
    () => systemContext(pools.checks, "health_check", clock.now(), cipher),
    {
      queues,
      log,
      outages,
      publicUrl: config.PUBLIC_URL,
      timing,
    },
  );
  const schemaChecks = startSchemaChecks(pools.checks, {
    workers,
    log,
    interval: timing.healthCheckInterval,
  });
  log.info("worker started", { version, queues: workers.map(({ name }) => name), traces: isTracing });

  return {
    metricsPort: served?.port ?? null,
    async stop() {
      isStopping = true;
      scheduler.stop();
      served?.close();
      metrics.close();
      // Without Redis no job can be returned; their locks expire, and they run again.
      const isReachable = connection.status === "ready";
      const { requests: running, closing } = divideDrainTime(config.DRAIN_TIME_MS);
      const isFinished = await within(
        isReachable ? running : Math.min(running, SHUTDOWN_TIMEOUT_WITHOUT_REDIS),
        Promise.all([
          healthChecks.stop(),
          schemaChecks.stop(),
          ...workers.map((worker) => worker.close(!isReachable)),
        ]),
      );
      if (!isFinished) log.warn("jobs cut off");
      if (isReachable) await within(closing / 3, Promise.all(queues.map((queue) => queue.close())));
      webhookClient.close();
      mailer.close();
      connection.disconnect();
      await within(closing / 3, clock.close());
      const ends = Object.values(pools).map((pool) => pool.end({ timeout: closing / 3000 }));
      await within(closing / 3, Promise.all(ends));
      log.info("worker stopped");
      return isFinished;
    },
  };
}
