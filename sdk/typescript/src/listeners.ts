// Who hears of a new state.

export class Listeners<Status extends { state: string }> {
  readonly #listeners = new Set<(status: Status) => void>();
  #lastState: string | null = null;

  /** @returns a function that removes the listener */
  add(listener: (status: Status) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells a status whose state is another one than that of the last. */
  tell(status: Status): void {
    if (status.state === this.#lastState) return;
    this.#lastState = status.state;
    for (const listener of [...this.#listeners]) {
      try {
        listener(status);
      } catch (error) {
        // The fault of one listener ends neither the call nor refreshing.
        console.error("A listener of license changes has failed:", error);
      }
    }
  }
}
