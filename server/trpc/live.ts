// The pulse of a subscription: it looks again now and then, and ends when the reader leaves, the session ends, the role
// is taken away, or the server is told to stop.
import { type Context, requireRole } from "../domain/context.ts";
import { DomainError } from "../domain/errors.ts";
import type { ProcedureRequest } from "./visit.ts";

/** A fresh context every so many milliseconds. */
export async function* beats(
  visit: ProcedureRequest & { ctx: Context },
  every: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Context> {
  let { ctx } = visit;
  while (!signal?.aborted && visit.isReady()) {
    yield ctx;
    await pause(every, visit, signal);
    try {
      ctx = await visit.open(await visit.identify());
      requireRole(ctx, "viewer");
    } catch (error) {
      if (error instanceof DomainError) return;
      throw error;
    }
  }
}

/** Waits, but not beyond the end of the subscription or of the server. */
async function pause(
  milliseconds: number,
  visit: ProcedureRequest,
  signal: AbortSignal | undefined,
): Promise<void> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until && !signal?.aborted && visit.isReady()) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(100, until - performance.now())));
  }
}
