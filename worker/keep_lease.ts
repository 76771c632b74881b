// Keeps a lease while its work runs: the work ends when the lease is lost, and no later than another worker may take it.
import { LeaseLost } from "../server/domain/lease.ts";

export interface KeptLease {
  /** Aborted with `LeaseLost` when the lease is lost or has expired. */
  signal: AbortSignal;
  stop(): void;
}

/**
 * Renews a lease four times in its duration until it is stopped.
 *
 * @param duration milliseconds a renewal lasts; the lease was taken just now
 * @param renew renews it once; throws `LeaseLost`. Another error says nothing about the lease, such as that of an
 *   unreachable database: it is renewed again, as long as it lasts
 */
export function keepLease(duration: number, renew: () => Promise<void>): KeptLease {
  const lost = new AbortController();
  // A monotonic clock, which no correction of the system's time moves.
  let until = performance.now() + duration;
  let isRenewing = false;
  const timer = setInterval(() => {
    if (performance.now() >= until) return end(new LeaseLost());
    if (isRenewing) return;
    isRenewing = true;
    const began = performance.now();
    renew().then(() => {
      until = began + duration;
    }, (error) => {
      if (error instanceof LeaseLost) end(error);
    }).finally(() => isRenewing = false);
  }, duration / 4);

  function end(reason: LeaseLost): void {
    clearInterval(timer);
    lost.abort(reason);
  }

  return { signal: lost.signal, stop: () => clearInterval(timer) };
}
