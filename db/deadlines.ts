// Deadlines of everything that waits for the database. One timer looks after all of them: a timer for each statement
// would cost more than the statement's own work in this process.

/** Something with a deadline. */
export interface Timed {
  /** When it expires, by `performance.now()`. */
  deadline: number;
  /** Called once after the deadline; it may be watched again. */
  expire(now: number): void;
}

/** How exact deadlines are; milliseconds. */
const TICK = 50;

const watched = new Set<Timed>();
let timer: ReturnType<typeof setInterval> | undefined;
let lastTick = 0;
let hasSkipped = false;

export function watch(timed: Timed): void {
  watched.add(timed);
  if (timer !== undefined) return;
  lastTick = performance.now();
  timer = setInterval(tick, TICK);
}

export function unwatch(timed: Timed): void {
  watched.delete(timed);
}

function tick(): void {
  const now = performance.now();
  // After a pause of this process the answers that arrived meanwhile are read first. A process that is always late does
  // not wait for another tick.
  hasSkipped = !hasSkipped && now - lastTick > 4 * TICK;
  lastTick = now;
  if (hasSkipped) return;
  for (const timed of [...watched]) {
    if (timed.deadline > now || !watched.delete(timed)) continue;
    timed.expire(now);
  }
  if (watched.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

/**
 * The time that a request may spend waiting for the database, all its statements together. What it waits for meanwhile
 * otherwise, such as its own body, does not count.
 */
export class TimeBudget {
  #left: number;
  #running = 0;
  #since = 0;

  /** @param milliseconds it may wait */
  constructor(milliseconds: number) {
    this.#left = milliseconds;
  }

  /** Milliseconds left. */
  left(now: number): number {
    return this.#running > 0 ? this.#left - (now - this.#since) : this.#left;
  }

  /** A statement begins to wait. */
  begin(now: number): void {
    if (this.#running++ === 0) this.#since = now;
  }

  /** A statement waits no more. */
  end(now: number): void {
    if (--this.#running === 0) this.#left -= now - this.#since;
  }
}
