// Where the library keeps what it knows: one text. An app may bring its own storage, such as a keychain.

export interface Storage {
  /** The text that was written last; null when there is none, or it cannot be read. */
  read(): Promise<string | null>;
  /** Replaces the text as a whole: a reader finds the old text or the new one. Rejects when it cannot be kept. */
  write(text: string): Promise<void>;
  /** Does something while no other process writes; without it, changes of two processes at once may be lost. */
  exclusively?<T>(work: () => Promise<T>): Promise<T>;
}

/** Keeps it as long as the program runs. */
export function memoryStorage(): Storage {
  let kept: string | null = null;
  return {
    read: () => Promise.resolve(kept),
    write(text) {
      kept = text;
      return Promise.resolve();
    },
  };
}

/** The part of `localStorage` that is used. */
interface WebStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

/** How long another tab is waited for; milliseconds. */
const LOCK_WAIT = 3000;

/** Keeps it in a browser. @param name such as "latchkey painter" */
export function browserStorage(name: string, storage?: WebStorage): Storage {
  const kept = () => storage ?? (globalThis as unknown as { localStorage: WebStorage }).localStorage;
  return {
    // deno-lint-ignore require-await
    read: async () => kept().getItem(name),
    // deno-lint-ignore require-await
    write: async (text) => kept().setItem(name, text),
    async exclusively(work) {
      const locks = (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;
      if (!locks) return await work();
      let isBegun = false;
      const begin = () => {
        isBegun = true;
        return work();
      };
      try {
        return await locks.request(name, { signal: AbortSignal.timeout(LOCK_WAIT) }, begin) as Awaited<
          ReturnType<typeof work>
        >;
      } catch (error) {
        // The tab that has the lock is stopped by the browser.
        if (!isBegun) return await work();
        throw error;
      }
    },
  };
}
