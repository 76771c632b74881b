// The span of each run of a job. Jobs that look for work several times a second have one only when they found some, or
// failed: what they then do for a request is recorded in the trace of that request.
import { inSpan, isTracing, SpanKind, startSpan, type TraceSpan } from "../db/tracing.ts";
import type { Job, JobResult } from "./schedule.ts";

/** The longest interval between runs that only look for work; milliseconds. */
const MAX_POLL_INTERVAL = 1000;

/**
 * Runs a job as a span; while traces are off it only runs it.
 *
 * @param run gets the span as `traceparent`, for the context
 * @returns the trace, for the log
 */
export async function traceJob(
  { name, queue, every }: Pick<Job, "name" | "queue" | "every">,
  run: (traceparent: string | undefined) => Promise<JobResult>,
): Promise<{ result: JobResult; traceId?: string }> {
  if (!isTracing) return { result: await run(undefined) };
  const options = {
    kind: SpanKind.CONSUMER,
    parent: null,
    attributes: { "messaging.system": "bullmq", "messaging.destination.name": queue },
  };
  if (every === null || every > MAX_POLL_INTERVAL) {
    return await inSpan(`job ${name}`, options, async (span) => {
      const result = await run(span?.traceparent);
      describe(span, result);
      return { result, traceId: span?.traceId };
    });
  }
  const startedAt = performance.now();
  const startLate = () => startSpan(`job ${name}`, { ...options, startedAt })!;
  try {
    const result = await run(undefined);
    if (!foundWork(result)) return { result };
    const span = startLate();
    describe(span, result);
    span.end();
    return { result, traceId: span.traceId };
  } catch (error) {
    const span = startLate();
    span.failWith(error);
    span.end();
    throw error;
  }
}

/** The numbers of what it did. */
function describe(span: TraceSpan | null, result: JobResult): void {
  for (const [name, value] of Object.entries(result)) {
    if (typeof value === "number") span?.set(`latchkey.job.${name}`, value);
  }
}

function foundWork(result: JobResult): boolean {
  return Object.values(result).some((value) => typeof value === "number" && value > 0);
}
