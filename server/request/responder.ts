// The end of every request: status, headers and body of the answer, one line in the log, one observation in the metrics.
import type { Actor } from "../domain/actor.ts";
import { hasUnreadBody } from "./body.ts";
import type { Answer } from "./endpoint.ts";
import { describeError } from "./log.ts";
import { isHtml, pageHeaders, policyHeader, strictestPolicy, transportHeaders } from "./page_headers.ts";
import { secondsOfQuota } from "./rate_limit_counters.ts";
import { type RequestContext, secondsUntil } from "./request_context.ts";
import type { AppServices } from "./services.ts";
import { describeRequest } from "./request_spans.ts";
import { streamBody } from "./streamed_body.ts";

export interface Responder {
  respond(request: RequestContext, answer: Answer): Response;
  /**
   * Adds to a finished response the headers every answer has.
   *
   * @param logged the route as it is logged, where it is more specific than the label of the metrics
   */
  complete(request: RequestContext, response: Response, logged?: string): Response;
}

/**
 * Compiles the end of a route's requests.
 *
 * @param labels method and route, each from a closed list
 * @param headers headers of every answer of this route
 */
export function compileResponder(
  services: AppServices,
  labels: { method: string; route: string },
  headers: Record<string, string> = {},
): Responder {
  const { method, route } = labels;
  const observe = services.metrics.route(method, route);
  const fixed: Record<string, string> = {
    ...headers,
    ...transportHeaders(services.site.publicUrl),
    "x-content-type-options": "nosniff",
  };
  const initial: Record<string, string> = { [policyHeader]: strictestPolicy, ...fixed };

  function record(request: RequestContext, status: number, logged = route): void {
    const ms = performance.now() - request.startedAt;
    observe(status, ms);
    const { id, span } = request;
    const actor = request.actor && actorName(request.actor);
    services.log.request({
      id,
      traceId: span?.traceId ?? null,
      method,
      route: logged,
      status,
      ms,
      ip: request.address,
      actor,
      code: request.errorCode,
    });
    if (span) describeRequest(span, { id, method, route, status, code: request.errorCode, actor });
  }

  return {
    respond(request, { status, body, headers }) {
      const all: Record<string, string> = { ...initial, "x-request-id": request.id, ...headers };
      all["cache-control"] ??= "no-store";
      if (isHtml(all["content-type"])) { for (const name in pageHeaders) all[name] ??= pageHeaders[name]; }
      addRateHeaders(request, (name, value) => all[name] = value);
      if (status >= 400 && leavesBody(request)) all.connection = "close";
      let content = body as BodyInit | null;
      if (request.raw.method === "HEAD" && body instanceof ReadableStream) {
        // No one would read it, or tell its source that it can stop.
        body.cancel().catch(() => {});
        content = null;
      }
      if (!isSerialised(body) && body !== null) {
        all["content-type"] ??= "application/json; charset=utf-8";
        content = JSON.stringify(body);
      }
      if (content instanceof ReadableStream) {
        // The listener closes the connection after an error, so that the client sees that the body is incomplete.
        const failed = (error: unknown) =>
          services.log.error("response cut off", { request_id: request.id, route, ...describeError(error) });
        content = streamBody(content, { failed });
      }
      record(request, status);
      const response = new Response(content, { status, headers: all });
      for (const cookie of request.cookies) response.headers.append("set-cookie", cookie);
      return response;
    },
    complete(request, response, logged) {
      const answer = isChangeable(response) ? response : new Response(response.body, response);
      for (const [name, value] of Object.entries(fixed)) answer.headers.set(name, value);
      answer.headers.set("x-request-id", request.id);
      if (!answer.headers.has(policyHeader)) answer.headers.set(policyHeader, strictestPolicy);
      if (isHtml(answer.headers.get("content-type"))) {
        for (const name in pageHeaders) {
          if (!answer.headers.has(name)) answer.headers.set(name, pageHeaders[name]);
        }
      }
      if (!answer.headers.has("cache-control")) answer.headers.set("cache-control", "no-store");
      addRateHeaders(request, (name, value) => answer.headers.set(name, value));
      if (response.status >= 400 && leavesBody(request)) answer.headers.set("connection", "close");
      for (const cookie of request.cookies) answer.headers.append("set-cookie", cookie);
      record(request, response.status, logged);
      return answer;
    },
  };
}

function addRateHeaders(
  { allowance, limit, retryAfter }: RequestContext,
  set: (name: string, value: string) => void,
): void {
  if (retryAfter !== null) set("retry-after", String(retryAfter));
  if (!allowance || !limit) return;
  const { limit: quota, remaining } = allowance;
  const seconds = secondsUntil(allowance);
  set("ratelimit-limit", String(quota));
  set("ratelimit-remaining", String(remaining));
  set("ratelimit-reset", String(seconds));
  // The names of draft-ietf-httpapi-ratelimit-headers-10: lists of structured fields (RFC 9651).
  set("ratelimit-policy", `"${limit.name}";q=${quota};w=${secondsOfQuota(limit)}`);
  set("ratelimit", `"${limit.name}";r=${remaining};t=${seconds}`);
}

/** Whether a refusal leaves a body unread whose rest may never come: the connection is closed rather than kept for it. */
function leavesBody({ isClosable, raw }: RequestContext): boolean {
  return isClosable && hasUnreadBody(raw);
}

function isSerialised(body: unknown): boolean {
  return typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream;
}

/** Whether headers can be set; those of a response that was fetched cannot. */
function isChangeable(response: Response): boolean {
  return response.type === "default";
}

function actorName(actor: Actor): string {
  return "id" in actor ? `${actor.kind}:${actor.id}` : actor.kind;
}
