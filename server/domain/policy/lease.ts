// The lease of activations: how long one stays active without a heartbeat.

/**
 * An activation lapses so much after the end of its lease; milliseconds. A verification that is answered from the cache records
 * a heartbeat once a minute only, and does not wait until it is written.
 */
export const LAPSE_MARGIN = 120_000;

const unitLengths = { D: 86_400_000, H: 3_600_000, M: 60_000 } as const;

/** The length of a lease such as "P30D", "PT12H" or "PT90M"; milliseconds. It is that of lease_length (0007_activations.sql). */
export function leaseLength(lease: string): number {
  const [, count, unit] = /^PT?(\d+)([DHM])$/.exec(lease)!;
  return Number(count) * unitLengths[unit as keyof typeof unitLengths];
}

/** A time that does not count for leases, because no machine could call. */
interface Outage {
  beganAt: Date;
  endedAt: Date;
}

/**
 * A machine that was heard of at this time or before has lapsed now.
 *
 * @param outages the last one first
 */
export function idleLimit(now: Date, lease: string, outages: Outage[]): Date {
  let limit = now.getTime() - leaseLength(lease) - LAPSE_MARGIN;
  for (const { beganAt, endedAt } of outages) {
    if (endedAt.getTime() <= limit) break;
    limit -= endedAt.getTime() - beganAt.getTime();
  }
  return new Date(limit);
}
