// The end of every request: status, headers and body of the answer, one line in the log, one observation in the metrics.
import type { Actor } from "../domain/actor.ts";
import { hasUnreadBody } from "./body.ts";
import type { Answer } from "./endpoint.ts";
import { describeError } from "./log.ts";
import { isHtml, pageHeaders, policyHeader, strictestPolicy, transportHeaders } from "./page_headers.ts";
import { secondsOfQuota } from "./rate_limit_counters.ts";
import { type RequestContext, secondsUntil } from "./request_context.ts";
import type { AppServices } from "./services.ts";
import type { RenderedAnswer } from "./reply.ts";
import { describeRequest } from "./request_spans.ts";
import { streamBody } from "./streamed_body.ts";

export interface Responder {
  respond(request: RequestContext, answer: Answer): RenderedAnswer;
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
  /** Of an answer in JSON that has no headers of its own, as nearly all. */
  const ofJson = flatten({ ...initial, "cache-control": "no-store", "content-type": JSON_TYPE });

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

  /** The headers of an answer that has some of its own, or is not JSON. */
  function headersOf(own: Answer["headers"], isJson: boolean, body: unknown): string[] {
    const all: Record<string, string> = { ...initial, ...own };
    all["cache-control"] ??= "no-store";
    if (isJson) all["content-type"] ??= JSON_TYPE;
    else if (typeof body === "string") all["content-type"] ??= TEXT_TYPE;
    if (isHtml(all["content-type"])) { for (const name in pageHeaders) all[name] ??= pageHeaders[name]; }
    return flatten(all);
  }

  return {
    respond(request, { status, body, headers: own }) {
      const isJson = body !== null && !isSerialised(body);
      const headers = isJson && own === undefined ? ofJson.slice() : headersOf(own, isJson, body);
      headers.push("x-request-id", request.id);
      pushRateHeaders(request, headers);
      if (status >= 400 && leavesBody(request)) headers.push("connection", "close");
      for (const cookie of request.cookies) headers.push("set-cookie", cookie);
      let content = (isJson ? JSON.stringify(body) : body) as RenderedAnswer["body"];
      if (content instanceof ReadableStream) {
        if (request.raw.method === "HEAD") {
          // No one would read it, or tell its source that it can stop.
          content.cancel().catch(() => {});
          content = null;
        } else {
          // The listener closes the connection after an error, so that the client sees that the body is incomplete.
          const failed = (error: unknown) =>
            services.log.error("response cut off", {
              request_id: request.id,
              route,
              ...describeError(error),
            });
          content = streamBody(content, { failed });
        }
      }
      record(request, status);
      return { status, headers, body: content };
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
      const rate: string[] = [];
      pushRateHeaders(request, rate);
      for (let index = 0; index < rate.length; index += 2) answer.headers.set(rate[index], rate[index + 1]);
      if (response.status >= 400 && leavesBody(request)) answer.headers.set("connection", "close");
      for (const cookie of request.cookies) answer.headers.append("set-cookie", cookie);
      record(request, response.status, logged);
      return answer;
    },
  };
}

const JSON_TYPE = "application/json; charset=utf-8";
const TEXT_TYPE = "text/plain;charset=UTF-8";

/** Names and values in turn. */
function flatten(headers: Record<string, string>): string[] {
  return Object.entries(headers).flat();
}

function pushRateHeaders({ allowance, limit, retryAfter }: RequestContext, headers: string[]): void {
  if (retryAfter !== null) headers.push("retry-after", String(retryAfter));
  if (!allowance || !limit) return;
  const remaining = String(allowance.remaining);
  const seconds = String(secondsUntil(allowance));
  // The last two are those of draft-ietf-httpapi-ratelimit-headers-10: lists of structured fields (RFC 9651).
  headers.push(
    "ratelimit-limit",
    String(allowance.limit),
    "ratelimit-remaining",
    remaining,
    "ratelimit-reset",
    seconds,
    "ratelimit-policy",
    `"${limit.name}";q=${allowance.limit};w=${secondsOfQuota(limit)}`,
    "ratelimit",
    `"${limit.name}";r=${remaining};t=${seconds}`,
  );
}

/** Whether a refusal leaves a body unread whose rest may never come: the connection is closed rather than kept for it. */
function leavesBody(request: RequestContext): boolean {
  return request.isClosable && hasUnreadBody(request);
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
