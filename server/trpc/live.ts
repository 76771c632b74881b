// The contexts of a subscription: a new one now and then, until the client leaves, the session ends, the role is taken
// away, or the server shuts down.
import type { Context } from "../domain/context.ts";
import { requireRole } from "../domain/authorization.ts";
import { DomainError } from "../domain/errors.ts";
import type { RequestContext } from "../request/request_context.ts";
import { openContext } from "./trpc.ts";

/**
 * A new context every so many milliseconds.
 *
 * @param initial the context the subscription was opened with
 */
export async function* contexts(
  { request, ctx: initial }: { request: RequestContext; ctx: Context },
  intervalMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Context> {
  let ctx = initial;
  const lasts = () => !signal?.aborted && request.services.isReady();
  while (lasts()) {
    yield ctx;
    const end = performance.now() + intervalMs;
    while (performance.now() < end && lasts()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(100, end - performance.now())));
    }
    try {
      ctx = await openContext(request);
      requireRole(ctx, "viewer");
    } catch (error) {
      if (error instanceof DomainError) return;
      throw error;
    }
  }
}
