// How many requests to one endpoint run at a time: more while it answers well, fewer while it fails, and none more once it
// has stopped answering.
import type { DeliveryResult } from "../server/domain/webhooks/deliver.ts";

/** A request that is not answered by then is slow; milliseconds. */
export const SLOW_AFTER = 1000;

/** Requests at a time: to an endpoint that has not answered yet, to one that fails, and to one that answers all. */
const FIRST = 1;
const LEAST = 4;
const MOST = 64;
/** Slow requests at a time, and requests beside them. */
const MOST_SLOW = 32;
const BESIDE_SLOW = 8;
/** What a request that failed leaves of the window. */
const REDUCTION = 0.75;

interface Request {
  at: number;
  isSlow: boolean;
}

export interface RequestWindow {
  isFull(): boolean;
  /** Whether the endpoint did not answer, and has not answered anything since that request began. */
  isSilent(): boolean;
  begin(): Request;
  becomeSlow(request: Request): void;
  end(request: Request, result: DeliveryResult): void;
  /** How many deliveries to read at a time. */
  pageSize(): number;
  notify(): void;
  /** Settles at the next notification, or after so many milliseconds. */
  changed(timeout?: number): Promise<void>;
}

/** A window of one request, which opens as the endpoint answers. */
export function createRequestWindow(): RequestWindow {
  let size = FIRST;
  let running = 0;
  let slow = 0;
  let lastAnswerAt = -Infinity;
  let isSilent = false;
  let wake = () => {};

  return {
    isFull() {
      if (lastAnswerAt === -Infinity) return running >= FIRST;
      return running - slow >= (slow > 0 ? Math.min(size, BESIDE_SLOW) : size) || slow >= MOST_SLOW;
    },
    isSilent: () => isSilent,
    begin() {
      running++;
      return { at: performance.now(), isSlow: false };
    },
    becomeSlow(request) {
      request.isSlow = true;
      slow++;
      wake();
    },
    end({ at, isSlow }, result) {
      running--;
      if (isSlow) slow--;
      if ("status" in result) {
        lastAnswerAt = performance.now();
        isSilent = false;
        const isSuccess = result.status >= 200 && result.status < 300;
        size = isSuccess ? Math.min(size + 1, MOST) : Math.max(size * REDUCTION, Math.min(size, LEAST));
      } else if (lastAnswerAt < at) {
        isSilent = true;
      }
      wake();
    },
    pageSize: () => Math.ceil(size) * 8,
    notify: () => wake(),
    changed: (timeout) =>
      new Promise((resolve) => {
        const timer = timeout === undefined ? undefined : setTimeout(resolve, timeout);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}
