// One worker process: takes jobs from the queues and runs them. PostgreSQL holds the truth and Redis only rings the
// bell, so the schedules are set anew now and then, should Redis have been emptied.
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { connect } from "../db/connect.ts";
import type { Config } from "../server/config.ts";
import { version } from "../server/version.ts";
import { systemContext } from "../server/domain/system_context.ts";
import { readNetworks } from "../server/domain/webhooks/address.ts";
import type { WebhookFormats } from "../server/domain/webhooks/format.ts";
import { describeError, type Log } from "../server/request/log.ts";
import { createCipher } from "../server/request/cipher.ts";
import { openMailer } from "./mailer.ts";
import { createWorkerMetrics, serveMetrics } from "./metrics.ts";
import type { JobServices } from "./job_context.ts";
import { createWebhookClient } from "./http_client.ts";
import { startHealthChecks } from "./health_check.ts";
import { AT_ONCE, atOnce, type Job, PREFIX, queues } from "./queues.ts";

/** How often the schedules are set anew; milliseconds. */
const SET_SCHEDULES_EVERY = 5000;
/**
 * How soon the jobs of a worker that died are taken up by another; milliseconds. One that was only slow loses nothing:
 * jobs may run twice.
 */
const LOCKED_FOR = 1500;
const LOOK_FOR_DEAD_EVERY = 700;

/** How long jobs under way may take to finish when the worker is told to stop; milliseconds. */
const FINISH_WITHIN = 30_000;
const FINISH_WITHOUT_REDIS = 5000;

export interface RunningWorker {
  /** Where the metrics are, if they are anywhere. */
  metricsPort: number | null;
  /** Finishes the jobs under way and takes no more. */
  stop(): Promise<void>;
}

/**
 * Starts a worker.
 *
 * @param webhookFormats the bodies of webhooks by dialect
 * @param only the queues it works on; all of them when none is named
 */
export async function startWorker(
  config: Config,
  log: Log,
  webhookFormats: WebhookFormats,
  only: string[] = [],
): Promise<RunningWorker> {
  const unknown = only.find((name) => !(name in queues));
  if (unknown) {
    throw new Error(`There is no queue "${unknown}". There are: ${Object.keys(queues).join(", ")}.`);
  }
  const seal = createCipher(config.ENCRYPTION_KEY);
  const db = connect(config.DATABASE_URL, { max: 10, name: "latchkey worker" });
  const poster = createWebhookClient(readNetworks(config.WEBHOOK_ALLOWED_ADDRESSES));
  const mailer = openMailer(config);
  if (!mailer.ready) log.warn("no mail server: mail waits until SMTP_URL is set");
  const connection = new Redis(config.REDIS_URL, {
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
  });
  let redisIsUp = true;
  connection.on("ready", () => redisIsUp = true);
  connection.on("error", (error) => {
    if (redisIsUp) log.warn("redis unavailable: jobs wait", { error: error.message });
    redisIsUp = false;
  });

  const all = Object.keys(queues).map((name) => new Queue(name, { connection, prefix: PREFIX }));
  const queueOf = (name: string) => all.find((queue) => queue.name === name)!;
  const metrics = createWorkerMetrics(all);
  let stopping = false;

  const outside: JobServices = {
    mailer,
    publicUrl: config.PUBLIC_URL,
    post: poster.post,
    webhookFormats,
    delivered: metrics.delivered,
    async enqueue(queue, job, subjects) {
      await queueOf(queue).addBulk(subjects.map((subject) => ({
        name: job,
        data: { subject },
        // The id makes it one at a time for each subject, and is free again as soon as the job has ended.
        opts: { jobId: `${job}-${subject}`, removeOnComplete: true, removeOnFail: true },
      })));
    },
    stopping: () => stopping,
  };

  const workers = Object.keys(queues).filter((name) => only.length === 0 || only.includes(name)).map((name) =>
    new Worker(
      name,
      (job) => run(name, queues[name].find((known) => known.name === job.name), job.data.subject),
      {
        connection,
        prefix: PREFIX,
        concurrency: atOnce[name] ?? AT_ONCE,
        lockDuration: LOCKED_FOR,
        stalledInterval: LOOK_FOR_DEAD_EVERY,
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        removeOnComplete: { count: 100 },
        removeOnFail: { count: 1000 },
      },
    )
  );

  async function run(queue: string, job: Job | undefined, subject = 0): Promise<unknown> {
    if (!job) return { skipped: "this worker knows no such job" };
    const began = performance.now();
    const count = (ended: "done" | "failed") =>
      metrics.job(queue, job.name, ended, performance.now() - began);
    try {
      const outcome = await job.run(await systemContext(db, job.name, new Date(), seal), outside, subject);
      log.debug("job done", { job: job.name, ...outcome });
      count("done");
      return outcome;
    } catch (error) {
      count("failed");
      throw error;
    }
  }

  let setting = false;
  async function setSchedules(): Promise<void> {
    // While Redis is away this waits for it, and need not wait twice.
    if (setting) return;
    setting = true;
    for (const queue of all) {
      for (const { name, every, attempts } of queues[queue.name]) {
        if (every === null) continue;
        await queue.upsertJobScheduler(name, { every }, {
          name,
          opts: { attempts, backoff: { type: "exponential", delay: 1000 } },
        }).catch((error) => stopping || log.warn("schedule not set", { job: name, ...describeError(error) }));
      }
    }
    setting = false;
  }

  for (const queue of all) queue.on("error", (error) => log.debug("queue trouble", { error: error.message }));
  for (const worker of workers) {
    worker.on("failed", (job, error) => log.error("job failed", { job: job?.name, ...describeError(error) }));
    worker.on("error", (error) => log.debug("worker trouble", { error: error.message }));
  }
  const served = config.WORKER_METRICS_PORT === undefined ? null : await serveMetrics(metrics, {
    host: config.HOST,
    port: config.WORKER_METRICS_PORT,
    token: config.METRICS_TOKEN,
    available: () => redisIsUp,
  });
  setSchedules();
  const timer = setInterval(setSchedules, SET_SCHEDULES_EVERY);
  const watching = startHealthChecks(() => systemContext(db, "watch", new Date(), seal), {
    queues: all,
    log,
  });
  log.info("worker started", { version, queues: workers.map(({ name }) => name) });

  return {
    metricsPort: served?.port ?? null,
    async stop() {
      stopping = true;
      clearInterval(timer);
      served?.close();
      await watching.stop();
      // Without Redis there is nobody to hand a job back to; it will be found stalled, and run again.
      const reachable = connection.status === "ready";
      await Promise.race([
        Promise.all(workers.map((worker) => worker.close(!reachable))),
        pause(reachable ? FINISH_WITHIN : FINISH_WITHOUT_REDIS),
      ]);
      if (reachable) await Promise.race([Promise.all(all.map((queue) => queue.close())), pause(1000)]);
      poster.close();
      mailer.close();
      connection.disconnect();
      await db.end({ timeout: 5 });
      log.info("worker stopped");
    },
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, milliseconds)));
}
