// The span of each request. It is named when the request is answered, by its route: an address may hold a license key.
import {
  activeSpan,
  isTracing,
  readTraceparent,
  SpanKind,
  startSpan,
  type TraceSpan,
} from "../../db/tracing.ts";
import { pathOf } from "./paths.ts";

/** What machines ask all the time. */
const untraced = new Set(["/health", "/health/ready", "/metrics"]);

/** Adds a span to each request; while traces are off it returns the handler as it is. */
export function traceRequests<Peer, Reply>(
  handle: (request: Request, peer: Peer) => Reply | Promise<Reply>,
): (request: Request, peer: Peer) => Reply | Promise<Reply> {
  if (!isTracing) return handle;
  return (request, peer) => {
    if (untraced.has(pathOf(request))) return handle(request, peer);
    const parent = readTraceparent(request.headers.get("traceparent"));
    const span = startSpan("request", { kind: SpanKind.SERVER, parent })!;
    return span.run(async () => {
      try {
        return await handle(request, peer);
      } finally {
        span.end();
      }
    });
  };
}

/** The span of the request that is handled; null while traces are off. */
export function requestSpan(): TraceSpan | null {
  return isTracing ? activeSpan() : null;
}

/** The id of a request without one of its own: that of its trace in the form of a UUID, or a new one. */
export function newRequestId(span: TraceSpan | null): string {
  // One trace of a caller may have many requests.
  if (!span || span.isContinued) return crypto.randomUUID();
  return span.traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Describes an answered request, by the semantic conventions for HTTP. */
export function describeRequest(
  span: TraceSpan,
  { id, method, route, status, code, actor }: {
    id: string;
    method: string;
    route: string;
    status: number;
    code: string | null;
    actor: string | null;
  },
): void {
  span.rename(`${method} ${route}`);
  span.set("http.request.method", method);
  span.set("http.route", route);
  span.set("http.response.status_code", status);
  span.set("latchkey.request_id", id);
  if (actor) span.set("latchkey.actor", actor);
  if (code) span.set("latchkey.error_code", code);
  if (status >= 500) span.fail(code ?? String(status));
}
