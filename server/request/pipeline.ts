// The way of every request through the server: limits, authentication, input, verb, answer, log. What a declaration
// settles is settled once, when its handler is compiled; a request runs only the steps its endpoint has.
import type { MaybePromise } from "../domain/when_known.ts";
import { compileRecord, compileRefusalRecord } from "./api_request_log.ts";
import type { RouteHandler } from "./app.ts";
import { requireIdentityEncoding } from "./body.ts";
import type { Answer, Dialect, Endpoint } from "./endpoint.ts";
import { compileSteps, consumeAll, Passage, takeSteps } from "./endpoint_steps.ts";
import { answerError, clientLeft, type ErrorForm } from "./error_answers.ts";
import { methods } from "./metrics.ts";
import { hasEmptyPart } from "./paths.ts";
import type { Limit } from "./rate_limiter.ts";
import type { Reply } from "./reply.ts";
import { type Peer, RequestContext } from "./request_context.ts";
import { RequestError } from "./request_error.ts";
import { compileResponder, type Responder } from "./responder.ts";
import type { AppServices } from "./services.ts";

/** The routes of a handler that answers at many addresses. */
export interface RouteLabels {
  /** Every label there is. */
  labels: string[];
  /** The label of a request, and the route as it is logged. */
  of(request: Request): { label: string; logged: string };
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
): RouteHandler {
  const { dialect, path } = endpoint;
  services.metrics.declareRoute(path);
  const labels = { method: endpoint.method.toUpperCase(), route: path };
  const responder = compileResponder(services, labels, headers);
  const steps = compileSteps(endpoint, services);
  const record = compileRecord(endpoint, services.apiRequests);
  const complete = dialect.complete && compileCompletion(dialect.complete, services);
  const write = (passage: Passage, answer: Answer) => {
    const reply = responder.respond(passage.request, answer);
    record?.(passage, answer);
    return reply;
  };
  const respond = complete
    ? async (passage: Passage, answer: Answer) => write(passage, await complete(answer))
    : write;
  return (raw, peer, address) => {
    const request = new RequestContext(services, raw, peer);
    const passage = new Passage(request, address);
    const fail = async (error: unknown) => respond(passage, await answerError(error, request, dialect, path));
    try {
      const waiting = takeSteps(steps, passage);
      return waiting
        ? waiting.then(() => respond(passage, passage.answer)).catch(fail)
        : respond(passage, passage.answer);
    } catch (error) {
      return fail(error);
    }
  };
}

/** Completes answers by the settings; without the settings, which the database may not give, they stay as they are. */
function compileCompletion(
  complete: NonNullable<Dialect["complete"]>,
  services: AppServices,
): (answer: Answer) => Promise<Answer> {
  return async (answer) => {
    const settings = await Promise.resolve(services.settings()).catch(() => null);
    return settings ? complete(answer, settings) : answer;
  };
}

/**
 * Compiles the handler of requests to addresses that are no endpoints: pages, and what libraries answer with a `Response`
 * of their own (tRPC, the queue dashboard).
 *
 * @param form of what the handler throws
 * @param route the label of log and metrics, or the labels there are and which one a request has
 */
export function compileHandler(
  services: AppServices,
  form: ErrorForm,
  route: string | RouteLabels,
  handle: (request: RequestContext) => MaybePromise<Answer | Response>,
): (raw: Request, peer: Peer) => Promise<Reply> {
  const isOne = typeof route === "string";
  const responderOf = createResponders(services, isOne ? [route] : route.labels);
  return async (raw, peer) => {
    const request = new RequestContext(services, raw, peer);
    const { label, logged } = isOne ? { label: route, logged: route } : route.of(raw);
    const responder = responderOf(raw.method, label);
    try {
      if (hasEmptyPart(raw)) throw new RequestError("NOT_FOUND");
      requireIdentityEncoding(request);
      const response = await handle(request);
      if (!(response instanceof Response)) return responder.respond(request, response);
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
): (raw: Request, peer: Peer) => Promise<Reply> {
  const responderOf = createResponders(services, [route]);
  const record = compileRefusalRecord(route, services.apiRequests);
  return async (raw, peer) => {
    const request = new RequestContext(services, raw, peer);
    const respond = (answer: Answer) => {
      const reply = responderOf(raw.method, route).respond(request, answer);
      record(request, answer.status);
      return reply;
    };
    try {
      await consumeAll(request, limits, request.address);
      request.errorCode = code;
      const answer = form.errorResponse(new RequestError(code));
      return respond({ ...answer, headers: { ...answer.headers, ...headers } });
    } catch (error) {
      return respond(await answerError(error, request, form, route));
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
): (raw: Request, peer: Peer) => Reply | null {
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
