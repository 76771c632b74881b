// The event streams that are open: each costs memory and a copy of every event, so their number is limited, for each
// session and in all. A panel that is refused loads its pages without live updates and tries again.
import { refuse } from "../domain/errors.ts";
import { RequestError } from "./request_error.ts";

/** Streams of one session: a browser opens one for each tab, and one more for some pages. */
const MAX_PER_SESSION = 20;
/** Streams of a process. */
const MAX_OPEN = 300;
/** Seconds. */
const RETRY_AFTER = 10;

export interface StreamSlots {
  /**
   * Counts a stream.
   *
   * @param session whom it belongs to
   * @returns what counts it down; calling it again does nothing
   * @throws RequestError TOO_MANY_STREAMS for the session; DomainError `OVERLOADED` for the process
   */
  take(session: string): () => void;
  readonly open: number;
  /** How many were refused since the start. */
  readonly refused: number;
  /** How many were ended since the start because their reader did not keep up. */
  readonly dropped: number;
  /** Counts one. */
  countDropped(): void;
}

/** No streams yet. */
export function createStreamSlots(maxPerSession = MAX_PER_SESSION, maxOpen = MAX_OPEN): StreamSlots {
  const bySession = new Map<string, number>();
  let open = 0;
  let refused = 0;
  let dropped = 0;
  return {
    take(session) {
      const own = bySession.get(session) ?? 0;
      if (own >= maxPerSession || open >= maxOpen) refused++;
      if (own >= maxPerSession) throw new RequestError("TOO_MANY_STREAMS", { retryAfter: RETRY_AFTER });
      if (open >= maxOpen) refuse("OVERLOADED", { retryAfter: RETRY_AFTER });
      bySession.set(session, own + 1);
      open++;
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        open--;
        const left = bySession.get(session)! - 1;
        if (left > 0) bySession.set(session, left);
        else bySession.delete(session);
      };
    },
    get open() {
      return open;
    },
    get refused() {
      return refused;
    },
    get dropped() {
      return dropped;
    },
    countDropped: () => void dropped++,
  };
}
