// What lists give about metered use.

/** How far a meter is used: near the limit is 80 % or more, which includes the others; at it includes over it. */
export const meterLevels = ["near_limit", "at_limit", "over_limit"] as const;

export type MeterLevel = typeof meterLevels[number];
