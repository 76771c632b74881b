// The time-outs and intervals of a worker, in milliseconds. Tests pass shorter ones.

export interface WorkerTiming {
  /** How long an endpoint may take to answer a webhook. */
  webhookTimeout: number;
  /** How long the lease of an endpoint lasts without being renewed: until then nothing is sent to it after its worker died. */
  webhookLease: number;
  /**
   * How long a job's lock lasts without renewal, and how often expired locks are searched for. Both are short, so that the
   * jobs of a terminated worker soon run in another one. A job whose worker was only slow may run twice, which is safe.
   */
  jobLock: number;
  stalledInterval: number;
  healthCheckInterval: number;
  /** How long Redis may take to answer a health check. */
  redisTimeout: number;
}

export const workerTiming: WorkerTiming = {
  webhookTimeout: 10_000,
  webhookLease: 4000,
  jobLock: 1500,
  stalledInterval: 700,
  healthCheckInterval: 15_000,
  redisTimeout: 2000,
};
