// The time of the tests' machine, which the databases of the tests share.

/** What jobs read the time with. */
export const realTime = { now: () => new Date() };
