// Refreshing in the background: soon after the start, then in intervals with jitter, until the app stops.
import { type Clock, fractionOf, type RandomBytes } from "./environment.ts";

/** The first refresh comes within so many seconds after the start. */
const FIRST = 5;

/** Seconds until the next refresh after one that has failed unexpectedly. */
const AFTER_FAULT = 60;

export class RefreshLoop {
  readonly #clock: Clock;
  readonly #random: RandomBytes;
  readonly #refresh: () => Promise<number>;
  #cancel: (() => void) | null = null;
  #isStopped = true;

  /** @param refresh returns the seconds until the next one */
  constructor(clock: Clock, random: RandomBytes, refresh: () => Promise<number>) {
    this.#clock = clock;
    this.#random = random;
    this.#refresh = refresh;
  }

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#schedule(FIRST * fractionOf(this.#random));
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #schedule(seconds: number): void {
    this.#cancel = this.#clock.after(seconds * 1000, () => void this.#turn());
  }

  async #turn(): Promise<void> {
    // A storage or clock of the app may fail in a way that is not known: the loop goes on.
    const next = await this.#refresh().catch(() => AFTER_FAULT);
    if (this.#isStopped) return;
    // Between nine tenths and the whole: many apps that were started at once do not stay together.
    this.#schedule(next * (0.9 + fractionOf(this.#random) / 10));
  }
}
