// The way of every request through the server: limits, authentication, input, verb, answer, log. What a declaration
// settles is settled once, when its handler is compiled; a request runs only the steps its endpoint has.
import type { Context } from "../domain/context.ts";
import { check, MAX_ANONYMOUS_BYTES, parseJson, readText, requireIdentityEncoding } from "./body.ts";
import type { Answer, Call, Dialect, Endpoint } from "./endpoint.ts";
import { answerError, clientLeft, type ErrorForm } from "./error_answers.ts";
import { answerOncePerKey } from "./idempotency.ts";
import { methods } from "./metrics.ts";
import { hasEmptyPart } from "./paths.ts";
import type { Limit } from "./rate_limiter.ts";
import { limitSubject, type Peer, RequestContext } from "./request_context.ts";
import { RequestError } from "./request_error.ts";
import { compileResponder, type Responder } from "./responder.ts";
import type { AppServices } from "./services.ts";

/** A request as the router passes it. */
export interface RoutedRequest {
  raw: Request;
  peer: Peer;
  params(): Record<string, string>;
  query(): Record<string, string>;
}

export type RequestHandler = (request: RoutedRequest) => Promise<Response>;

/** The routes of a handler that answers at many addresses. */
export interface RouteLabels {
  /** Every label there is. */
  labels: string[];
  /** The label of a request, and the route as it is logged. */
  of(request: Request): { label: string; logged: string };
}

type AnyCall = Call<unknown, unknown, unknown>;

/** What was sent as the body, before its schema is applied. */
interface ReceivedBody {
  text: string;
  value: unknown;
}

/**
 * Compiles an endpoint into the handler of its requests.
 *
 * @param headers of every answer
 */
export function compileEndpoint(
  endpoint: Endpoint,
  services: AppServices,
  headers: Record<string, string> = {},
): RequestHandler {
  const { guard, dialect, limits, path, standsAlone, transfers, changes } = endpoint;
  const labels = { method: endpoint.method.toUpperCase(), route: endpoint.path };
  services.metrics.declareRoute(path);
  const responder = compileResponder(services, labels, headers);
  const addressLimits = guard.limits.length > 0 ? guard.limits : null;
  const callerLimits = guard.callerLimits?.length ? guard.callerLimits : null;
  const checkParams = compileCheck(endpoint.params);
  const checkQuery = compileCheck(endpoint.query);
  const checkBody = compileCheck(endpoint.body);
  const takesBody = guard.readsBody !== undefined || endpoint.method !== "get";
  const receive = guard.readsBody || checkBody ? compileReceive(dialect) : null;
  const handle = limits ? withLimits(endpoint, limits.bind(endpoint)) : endpoint.handle.bind(endpoint);

  async function answer(request: RequestContext, routed: RoutedRequest): Promise<Answer> {
    if (addressLimits) await consumeAll(request, addressLimits, request.address);
    if (takesBody) requireIdentityEncoding(request.raw);
    let received = guard.readsBody?.(request.raw) ? await receive!(request.raw, MAX_ANONYMOUS_BYTES) : null;
    const identified = guard.identify(request, received?.value);
    const actor = request.actor = identified instanceof Promise ? await identified : identified;
    if (callerLimits) await consumeAll(request, callerLimits, limitSubject(actor));
    if (actor.kind === "api_key") services.recordKeyUse(actor.id, request.now);

    const params = checkParams?.(routed.params());
    const query = checkQuery?.(routed.query());
    if (checkBody) received ??= await receive!(request.raw);
    const body = checkBody?.(received!.value);
    const ctx = standsAlone
      ? request.openWithoutDatabase(actor)
      : transfers
      ? request.openTransfer(actor, await services.settings())
      : request.open(actor, await services.settings());
    const call: AnyCall = { ctx, params, query, body, request };
    const key = changes ? request.raw.headers.get("idempotency-key") : null;
    if (key === null) return await handle(call);
    const work = async (ctx: Context) => await handle({ ...call, ctx });
    return await answerOncePerKey(endpoint, call, { key, text: received?.text ?? "" }, work);
  }

  return async (routed) => {
    const request = new RequestContext(services, routed.raw, routed.peer);
    try {
      return responder.respond(request, await answer(request, routed));
    } catch (error) {
      return responder.respond(request, await answerError(error, request, dialect, path));
    }
  };
}

/**
 * Compiles the handler of requests that are answered with a `Response` of their own: files, tRPC, the queue dashboard.
 *
 * @param form of what the handler throws
 * @param route the label of log and metrics, or the labels there are and which one a request has
 */
export function compileHandler(
  services: AppServices,
  form: ErrorForm,
  route: string | RouteLabels,
  handle: (request: RequestContext) => Response | Promise<Response>,
): (raw: Request, peer: Peer) => Promise<Response> {
  const isOne = typeof route === "string";
  const responderOf = createResponders(services, isOne ? [route] : route.labels);
  return async (raw, peer) => {
    const request = new RequestContext(services, raw, peer);
    const { label, logged } = isOne ? { label: route, logged: route } : route.of(raw);
    const responder = responderOf(raw.method, label);
    try {
      if (hasEmptyPart(raw)) throw new RequestError("NOT_FOUND");
      requireIdentityEncoding(raw);
      const response = await handle(request);
      // tRPC answers what its procedures throw by itself.
      return response.status >= 500 && raw.signal.aborted
        ? responder.respond(request, clientLeft(request))
        : responder.complete(request, response, logged);
    } catch (error) {
      return responder.respond(request, await answerError(error, request, form, label));
    }
  };
}

/** Compiles the handler of requests that are refused whatever they contain; they count against the limits as others do. */
export function compileRefusal(
  services: AppServices,
  { form, limits }: { form: ErrorForm; limits: Limit[] },
  route: string,
  code: "NOT_FOUND" | "METHOD_NOT_ALLOWED",
  headers: Record<string, string> = {},
): (raw: Request, peer: Peer) => Promise<Response> {
  const responderOf = createResponders(services, [route]);
  return async (raw, peer) => {
    const request = new RequestContext(services, raw, peer);
    const responder = responderOf(raw.method, route);
    try {
      await consumeAll(request, limits, request.address);
      const answer = form.errorResponse(new RequestError(code));
      return responder.respond(request, { ...answer, headers: { ...answer.headers, ...headers } });
    } catch (error) {
      return responder.respond(request, await answerError(error, request, form, route));
    }
  };
}

/**
 * Compiles the handler of answers that are ready, such as files.
 *
 * @param find the answer to a request; null where there is none
 */
export function compileAnswers(
  services: AppServices,
  route: string,
  find: (raw: Request) => Answer | null,
): (raw: Request, peer: Peer) => Response | null {
  const responderOf = createResponders(services, [route]);
  return (raw, peer) => {
    const answer = find(raw);
    if (!answer) return null;
    return responderOf(raw.method, route).respond(new RequestContext(services, raw, peer), answer);
  };
}

/** The responders of handlers with several methods or routes. */
function createResponders(
  services: AppServices,
  routes: string[],
): (method: string, route: string) => Responder {
  for (const route of routes) services.metrics.declareRoute(route);
  const responders = new Map<string, Responder>();
  return (method, route) => {
    const labels = { method: methodLabel(method), route };
    const key = `${labels.method} ${route}`;
    let responder = responders.get(key);
    if (!responder) responders.set(key, responder = compileResponder(services, labels));
    return responder;
  };
}

/** A method as log and metrics name it; clients can send any word. */
function methodLabel(method: string): string {
  return methods.some((known) => known === method) ? method : "OTHER";
}

async function consumeAll(request: RequestContext, limits: Limit[], subject: string): Promise<void> {
  for (const limit of limits) {
    const counted = request.consume(limit, subject);
    if (counted) await counted;
  }
}

/** The endpoint's handler behind its own limits. */
function withLimits(
  endpoint: Endpoint,
  limits: NonNullable<Endpoint["limits"]>,
): (call: AnyCall) => Promise<Answer> {
  return async (call) => {
    for (const [limit, subject] of await limits(call)) {
      try {
        await call.request.consume(limit, subject);
      } catch (error) {
        endpoint.limited?.(call, subject);
        throw error;
      }
    }
    return await endpoint.handle(call);
  };
}

function compileCheck(schema: Endpoint["body"]): ((value: unknown) => unknown) | null {
  return schema ? (value) => check(schema, value) : null;
}

function compileReceive({ parse }: Dialect): (request: Request, maxBytes?: number) => Promise<ReceivedBody> {
  return async (request, maxBytes) => {
    const text = await readText(request, maxBytes);
    return { text, value: parse ? parse(text, request) : parseJson(text) };
  };
}
