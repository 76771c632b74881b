// One worker process: takes jobs from the queues and runs them. PostgreSQL holds the truth and Redis only rings the
// bell, so the schedules are set anew now and then, should Redis have been emptied.
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { connect } from "../db/connect.ts";
import type { Config } from "../server/config.ts";
import { systemContext } from "../server/domain/system.ts";
import { describeError, type Log } from "../server/log.ts";
import { createSeal } from "../server/seal.ts";
import { openMailer } from "./mailer.ts";
import { type Job, type Outside, queues } from "./queues.ts";

/** How often the schedules are set anew; milliseconds. */
const SET_SCHEDULES_EVERY = 60_000;
const CONCURRENCY = 4;
const PREFIX = "latchkey";

export interface RunningWorker {
  /** Finishes the jobs under way and takes no more. */
  stop(): Promise<void>;
}

/** Starts a worker. */
export async function startWorker(
  config: Config,
  log: Log,
): Promise<RunningWorker> {
  const seal = createSeal(config.ENCRYPTION_KEY);
  const db = connect(config.DATABASE_URL, { max: 10, name: "latchkey worker" });
  const outside: Outside = { mailer: openMailer(config), publicUrl: config.PUBLIC_URL };
  if (!outside.mailer.ready) log.warn("no mail server: mail waits until SMTP_URL is set");
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

  const opened = Object.entries(queues).map(([name, jobs]) => ({
    jobs,
    queue: new Queue(name, { connection, prefix: PREFIX }),
    worker: new Worker(name, (job) => run(jobs.find((known) => known.name === job.name)), {
      connection,
      prefix: PREFIX,
      concurrency: CONCURRENCY,
      maxStalledCount: 1000,
      removeOnComplete: { count: 100 },
      removeOnFail: { count: 1000 },
    }),
  }));

  async function run(job: Job | undefined): Promise<unknown> {
    if (!job) return { skipped: "this worker knows no such job" };
    const ctx = await systemContext(db, job.name, new Date(), seal);
    const outcome = await job.run(ctx, outside);
    log.debug("job done", { job: job.name, ...outcome });
    return outcome;
  }

  async function setSchedules(): Promise<void> {
    for (const { queue, jobs } of opened) {
      for (const { name, every, attempts } of jobs) {
        await queue.upsertJobScheduler(name, { every }, {
          name,
          opts: { attempts, backoff: { type: "exponential", delay: 1000 } },
        });
      }
    }
  }

  for (const { queue, worker } of opened) {
    worker.on("failed", (job, error) => log.error("job failed", { job: job?.name, ...describeError(error) }));
    worker.on("error", (error) => log.debug("worker trouble", { error: error.message }));
    queue.on("error", (error) => log.debug("queue trouble", { error: error.message }));
  }
  await setSchedules();
  const timer = setInterval(
    () => setSchedules().catch((error) => log.warn("schedules not set", describeError(error))),
    SET_SCHEDULES_EVERY,
  );
  log.info("worker started", { queues: Object.keys(queues) });

  return {
    async stop() {
      clearInterval(timer);
      // Without Redis there is nobody to hand a job back to; it will be found stalled, and run again.
      const reachable = connection.status === "ready";
      await Promise.all(opened.map(({ worker }) => worker.close(!reachable)));
      if (reachable) await Promise.all(opened.map(({ queue }) => queue.close()));
      outside.mailer.close();
      connection.disconnect();
      await db.end({ timeout: 5 });
      log.info("worker stopped");
    },
  };
}
