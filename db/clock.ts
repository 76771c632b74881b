// The database's clock, which is the one clock of the system: every process measures how far its own is from it, and
// counts on from the measurement by its monotonic clock. So it does not matter when a machine's clock is wrong or jumps.
import type { Database, Db } from "./connect.ts";

export interface Clock {
  /** The database's time. */
  now(): Date;
  /** How far the wall clock of this process is ahead of the database's; milliseconds, negative when it is behind. */
  difference(): number;
}

export interface MeasuredClock extends Clock {
  /** Asks the database for its time; callers at the same time share an answer. */
  measure(): Promise<void>;
}

/** What a clock is measured with; milliseconds. */
export interface TimeSources {
  /** The database's time since 1970. */
  readDatabase(): Promise<number>;
  /** The wall clock since 1970, in whole milliseconds. */
  wall(): number;
  /** A clock that never jumps, since any instant. */
  monotonic(): number;
}

/** How often the difference is measured, and how often the wall clock is watched for a jump; milliseconds. */
const MEASURE_INTERVAL = 5000;
const WATCH_INTERVAL = 250;
/** The resolution of the wall clock; milliseconds. */
const RESOLUTION = 1;
/** How far the wall clock can go from the monotonic one between two measurements while it is disciplined; milliseconds. */
const MAX_DRIFT = 50;
/** A step of the wall clock that is measured at once; milliseconds. */
const JUMP = 100;
/** How long a start waits for the database before it goes on by the wall clock; milliseconds. */
const FIRST_MEASUREMENT = 2000;

/** The time of the database, for commands that ask once. */
export async function readDatabaseTime(db: Db): Promise<Date> {
  return new Date(await readDatabase(db));
}

/** How far the wall clock of this process is ahead of the database's; milliseconds. For commands that ask once. */
export async function readClockDifference(db: Db): Promise<number> {
  const clock = createClock(sourcesOf(db));
  await clock.measure();
  return clock.difference();
}

const sourcesOf = (db: Db): TimeSources => ({
  readDatabase: () => readDatabase(db),
  wall: () => Date.now(),
  monotonic: () => performance.now(),
});

async function readDatabase(db: Db): Promise<number> {
  const [{ time }] = await db<{ time: number }[]>`
    select extract(epoch from clock_timestamp())::float8 * 1000 as time`;
  return time;
}

/**
 * A clock that follows the database's from its first measurement on, and the wall clock before. The database read its
 * time between question and answer, so a time that agrees with that is kept: it does not vary with the load, and processes
 * whose clocks are right have the same.
 *
 * @param startedAt the wall clock when the monotonic one was 0; milliseconds since 1970
 */
export function createClock(
  { readDatabase, wall, monotonic }: TimeSources,
  startedAt = wall() - monotonic(),
): MeasuredClock {
  /** What is added to the monotonic clock. */
  let offset = startedAt;
  let measuring: Promise<void> | null = null;

  async function measure(): Promise<void> {
    const asked = monotonic();
    const time = await readDatabase();
    const answered = monotonic();
    const agrees = (offset: number) =>
      offset >= time - answered - RESOLUTION && offset <= time - asked + RESOLUTION;
    // Half a millisecond, because the wall clock is cut to milliseconds.
    const wallOffset = wall() + RESOLUTION / 2 - monotonic();
    const drift = Math.abs(wallOffset - offset);
    if (agrees(wallOffset) && drift > RESOLUTION && (drift < MAX_DRIFT || !agrees(offset))) {
      offset = wallOffset;
    } else if (!agrees(offset)) {
      offset = time - (asked + answered) / 2;
    }
  }

  return {
    now: () => new Date(monotonic() + offset),
    // Without a negative zero.
    difference: () => Math.round(wall() - (monotonic() + offset)) || 0,
    measure: () => measuring ??= measure().finally(() => measuring = null),
  };
}

/**
 * Starts the clock of a process: measured now, regularly, and at once when the wall clock jumps.
 *
 * @param onMeasured called after each measurement
 */
export async function startClock(
  db: Database,
  onMeasured: (clock: Clock) => void,
): Promise<Clock & { close(): void }> {
  const clock = createClock(sourcesOf(db), performance.timeOrigin);
  let known = clock.difference();
  let isClosed = false;
  // While the database is away, the last measurement holds.
  const measure = () =>
    clock.measure().then(() => {
      known = clock.difference();
      if (!isClosed) onMeasured(clock);
    }, () => {});
  const timers = [
    setInterval(measure, MEASURE_INTERVAL),
    setInterval(() => {
      if (Math.abs(clock.difference() - known) < JUMP) return;
      known = clock.difference();
      void measure();
    }, WATCH_INTERVAL),
  ];
  for (const timer of timers) Deno.unrefTimer(timer);
  let late: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([measure(), new Promise((resolve) => late = setTimeout(resolve, FIRST_MEASUREMENT))]);
  clearTimeout(late);
  return {
    now: clock.now,
    difference: clock.difference,
    close() {
      isClosed = true;
      timers.forEach(clearInterval);
    },
  };
}
