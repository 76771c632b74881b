// Starts the scheduled jobs. PostgreSQL says by its own clock which are due, and BullMQ runs them: its own schedules keep
// the next run in the wall time of whichever worker wrote it, so that one wrong clock stops them for all workers.
import type { Queue } from "bullmq";
import { type Database, isUnavailable } from "../db/connect.ts";
import { getNextDelay, type Schedule, takeDueJobs } from "../server/domain/schedules.ts";
import type { QueueName } from "../server/domain/monitoring/queues.ts";
import { describeError, type Log } from "../server/request/log.ts";
import type { Outage } from "./outage.ts";
import type { Job } from "./schedule.ts";

/** How soon and how late the schedules are looked at again; milliseconds. */
const SHORTEST_WAIT = 20;
const LONGEST_WAIT = 1000;
/** How often what no version of today writes is removed from the queues; milliseconds. */
const CLEANING_INTERVAL = 60_000;

export interface SchedulerParts {
  db: Database;
  /** The database's time. */
  now(): Date;
  jobs: Job[];
  queueOf(name: QueueName): Queue;
  /** Whether Redis answers. */
  isAvailable(): boolean;
  /** That of the database. */
  outage: Outage;
  log: Log;
}

/** Starts scheduled jobs until it is stopped. */
export function startScheduler(
  { db, now, jobs, queueOf, isAvailable, outage, log }: SchedulerParts,
): { stop(): void } {
  const schedules = jobs.flatMap(({ name: job, every }): Schedule[] =>
    every === null ? [] : [{ job, every }]
  );
  const ctx = () => ({ db, now: now() });
  let isStopped = false;
  let isFailing = false;
  let cleanedAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function enqueueDue(): Promise<number> {
    if (!isAvailable()) return LONGEST_WAIT;
    if (performance.now() - cleanedAt > CLEANING_INTERVAL) {
      for (const name of new Set(jobs.map(({ queue }) => queue))) await removeTimed(queueOf(name));
      cleanedAt = performance.now();
    }
    if (await getNextDelay(ctx(), schedules) <= 0) {
      const due = await takeDueJobs(ctx(), schedules);
      await Promise.all(jobs.filter(({ name }) => due.includes(name)).map(enqueue));
    }
    return await getNextDelay(ctx(), schedules);
  }

  async function enqueue({ name, queue, isShared }: Job): Promise<void> {
    if (!isShared) {
      // One that is still waiting or running is not enqueued again.
      await queueOf(queue).add(name, {}, { deduplication: { id: name } });
    } else if (await queueOf(queue).getWaitingCount() === 0) {
      await queueOf(queue).add(name, {});
    }
  }

  // While Redis hangs this waits for it, as the jobs would.
  async function run(): Promise<void> {
    const began = performance.now();
    let wait = LONGEST_WAIT;
    try {
      wait = await enqueueDue();
      isFailing = false;
      if (isAvailable()) outage.succeeded(began);
    } catch (error) {
      if (isUnavailable(error)) outage.failed(error);
      else if (!isStopped && !isFailing) {
        log.error("scheduled jobs not started", describeError(error));
        isFailing = true;
      }
    }
    if (!isStopped) timer = setTimeout(run, Math.min(Math.max(wait, SHORTEST_WAIT), LONGEST_WAIT));
  }
  void run();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Removes schedules of BullMQ and delayed jobs: a worker of an earlier version wrote them, by its own clock. */
async function removeTimed(queue: Queue): Promise<void> {
  for (const { key } of await queue.getJobSchedulers()) await queue.removeJobScheduler(key);
  for (const job of await queue.getDelayed()) await job.remove();
}
