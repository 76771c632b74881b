// The time-outs and intervals of a worker, in milliseconds. Tests pass shorter ones.

export interface WorkerTiming {
  /** How long an endpoint may take to answer a webhook. */
  webhookTimeout: number;
  /** How long the lease of an endpoint lasts without being renewed: until then nothing is sent to it after its worker died. */
  webhookLease: number;
  healthCheckInterval: number;
}

export const workerTiming: WorkerTiming = {
  webhookTimeout: 10_000,
  webhookLease: 4000,
  healthCheckInterval: 15_000,
};
