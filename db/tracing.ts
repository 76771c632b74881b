// Traces through Deno's own OpenTelemetry. It is in the lowest layer because statements have spans as well. Without
// OTEL_DENO nothing here does anything. docs/operations/observability.md says how it is enabled.
import {
  type Attributes,
  type Context,
  type context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";

export { SpanKind };

export interface SpanOptions {
  kind?: SpanKind;
  /** Values that are no secret and no personal data: routes and not addresses, names of hosts and not URLs. */
  attributes?: Attributes;
  /** What it belongs to, as `traceparent`; by default the span that is active. Null: it begins a trace. */
  parent?: string | null;
  /** Spans it has to do with, as `traceparent`. */
  links?: string[];
  /** When it began, by `performance.now()`; now by default. */
  startedAt?: number;
}

/** Part of a trace: work with a beginning and an end. */
export class TraceSpan {
  #span: Span;
  #context: SpanContext;
  isEnded = false;

  constructor(span: Span, /** Whether the trace began outside this system. */ readonly isContinued: boolean) {
    this.#span = span;
    this.#context = span.spanContext();
  }

  get traceId(): string {
    return this.#context.traceId;
  }

  /** Whether it is recorded, or a sampler left it out. */
  get isSampled(): boolean {
    return (this.#context.traceFlags & 1) === 1;
  }

  /** Names it for others: W3C Trace Context, section 3.2. */
  get traceparent(): string {
    const { traceId, spanId } = this.#context;
    return `00-${traceId}-${spanId}-${this.isSampled ? "01" : "00"}`;
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  /** Adds an attribute. The exporter keeps every value of a name, so set each once. */
  set(name: string, value: string | number | boolean): void {
    this.#span.setAttribute(name, value);
  }

  /** @param type a code or the name of an error; messages may have values that are secret */
  fail(type: string): void {
    this.#span.setAttribute("error.type", type);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  /** Records that work failed, and in which trace an error was thrown, for logs that are written outside of it. */
  failWith(error: unknown): void {
    this.fail(errorType(error));
    if (error instanceof Error && !traces.has(error)) traces.set(error, this.traceId);
  }

  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#span.end();
  }

  /** Runs work in which it is the active span. */
  run<T>(work: () => T): T {
    const { contextManager } = telemetry;
    return contextManager.with(trace.setSpan(contextManager.active(), this.#span).setValue(KEY, this), work);
  }
}

/** The part of Deno that records spans. */
const telemetry = Deno.telemetry as {
  tracerProvider: TracerProvider;
  contextManager: Pick<typeof context, "active" | "with">;
};
/** The active span in Deno's context. */
const KEY = Symbol("latchkey span");
/** W3C Trace Context, section 3.2.2: version 00, an id of the trace and one of the span, flags. */
const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

const tracer = findTracer();
/** Whether traces are recorded: settled when the process starts. */
export const isTracing = tracer !== null;

/** The tracer; null without OTEL_DENO, where a span cannot be started. */
function findTracer(): Tracer | null {
  try {
    const tracer = telemetry.tracerProvider.getTracer("latchkey");
    // A span that is not ended is not recorded.
    tracer.startSpan("probe");
    return tracer;
  } catch {
    return null;
  }
}

/** Whether Deno itself adds spans for every request and connection, whose attribute `url.full` has the whole address. */
export function hasAutomaticSpans(): boolean {
  // Where Deno registers its tracer for @opentelemetry/api, which it does only then.
  const registered: { trace?: unknown } | undefined = Reflect.get(
    globalThis,
    Symbol.for("opentelemetry.js.api.1"),
  );
  return registered?.trace !== undefined;
}

/** The `traceparent` of a caller; null where it is absent or not one. */
export function readTraceparent(header: string | null | undefined): string | null {
  return header && header.length === 55 && form.test(header) ? header : null;
}

/** The span that is active; null outside of one, after its end, and while traces are off. */
export function activeSpan(): TraceSpan | null {
  if (!isTracing) return null;
  const span = telemetry.contextManager.active().getValue(KEY) as TraceSpan | undefined;
  return span && !span.isEnded ? span : null;
}

/** Starts a span; null while traces are off. End it. */
export function startSpan(name: string, options: SpanOptions = {}): TraceSpan | null {
  if (!tracer) return null;
  const { kind, attributes, parent, links = [], startedAt } = options;
  const span = tracer.startSpan(name, {
    kind,
    attributes,
    startTime: startedAt === undefined ? undefined : performance.timeOrigin + startedAt,
    links: links.map((link) => ({ context: contextOf(link) })),
  }, parent === undefined ? activeContext() : remoteContext(parent));
  return new TraceSpan(span, Boolean(parent));
}

/**
 * Runs work as a span. What it throws is recorded by its name or code.
 *
 * @param work gets the span; null while traces are off
 */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: TraceSpan | null) => Promise<T>,
): Promise<T> {
  const span = startSpan(name, options);
  if (!span) return await work(null);
  try {
    return await span.run(() => work(span));
  } catch (error) {
    span.failWith(error);
    throw error;
  } finally {
    span.end();
  }
}

/** The most links of a span. */
const MAX_LINKS = 32;

/**
 * Runs work that several spans wait for: in the trace of the first, with links to the others. Without it the work would
 * belong to whichever caller happened to start its loop.
 */
export async function inSharedSpan<T>(
  name: string,
  callers: (TraceSpan | null)[],
  work: () => Promise<T>,
): Promise<T> {
  if (!isTracing) return await work();
  const [first, ...others] = callers.filter((caller) => caller !== null && !caller.isEnded) as TraceSpan[];
  if (!first) return await telemetry.contextManager.with(ROOT_CONTEXT, work);
  if (others.length === 0) return await first.run(work);
  const links = others.slice(0, MAX_LINKS).map(({ traceparent }) => traceparent);
  return await inSpan(name, { parent: first.traceparent, links }, work);
}

/** The name of an error, or its code where it has one: neither has values of a customer. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error ? String(error.code) : error.name;
}

/** The traces of errors. */
const traces = new WeakMap<object, string>();

/** The trace in which an error was thrown, for logs that are written outside of it. */
export function traceIdOf(error: unknown): string | undefined {
  return error instanceof Error ? traces.get(error) : undefined;
}

/** A span that has ended takes no others: its timers and loops go on in its context. */
function activeContext(): Context {
  return activeSpan() ? telemetry.contextManager.active() : ROOT_CONTEXT;
}

function remoteContext(traceparent: string | null): Context {
  return traceparent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, contextOf(traceparent));
}

function contextOf(traceparent: string): SpanContext {
  const [, traceId, spanId, flags] = form.exec(traceparent)!;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}
