// How a declaration becomes a working address: limit, guard, parse, verb, answer. Every REST call of every dialect
// comes through here, and nothing about a single call is known here.
import { type Context as HonoContext, Hono } from "hono";
import { isUnavailable } from "../../db/connect.ts";
import type { Context } from "../domain/context.ts";
import type { Actor } from "../domain/actor.ts";
import { DomainError } from "../domain/errors.ts";
import { readSettings } from "../domain/settings/settings.ts";
import { defaultSettings, type Settings } from "../domain/settings/schema.ts";
import type { Allowance, Limit } from "./rate_limiter.ts";
import { describeError } from "./log.ts";
import { check, parseJson, readText } from "./body.ts";
import { tagOfAll } from "../domain/events/catalogue/cache_tags.ts";
import type { Answer, Call, Dialect, Endpoint, Guard } from "./endpoint.ts";
import { isRequestError, RequestError } from "./request_error.ts";
import type { AppServices, Peer } from "./app_services.ts";
import { idempotently } from "./idempotency.ts";

export type App = Hono<{ Bindings: Peer }>;
type Request_ = HonoContext<{ Bindings: Peer }>;

/**
 * Mounts endpoints; refuses every other method at their addresses, and every other address that is not a page.
 *
 * @param page the page at an address that has no endpoint; null where there is none
 * @param elsewhere in which dialect an unknown address is refused, and who may knock there how often
 */
export function mount(
  app: App,
  services: AppServices,
  endpoints: Endpoint[],
  page: (request: Request) => Response | null,
  elsewhere: (path: string) => { dialect: Dialect; guard: Guard },
): void {
  // What is refused has a router of its own: a path that has one handler alone is dispatched the quickest.
  const refused: App = new Hono();
  const methods = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/\{(\w+)\}/g, ":$1");
    // A GET that has a body comes as a QUERY.
    const verbs = endpoint.method === "get" ? ["GET", "QUERY"] : [endpoint.method.toUpperCase()];
    app.on(verbs, path, (c) => serve(services, endpoint, c));
    methods.set(path, [...methods.get(path) ?? [], endpoint]);
  }
  for (const [path, known] of methods) {
    const allow = known.map(({ method }) => method.toUpperCase()).join(", ");
    refused.all(path, (c) => refuseRequest(services, c, known[0], path, "METHOD_NOT_ALLOWED", { allow }));
  }
  refused.notFound((c) => refuseRequest(services, c, elsewhere(c.req.path), "unknown", "NOT_FOUND"));
  app.notFound((c) => page(c.req.raw) ?? refused.fetch(c.req.raw, c.env));
}

async function refuseRequest(
  services: AppServices,
  c: Request_,
  { dialect, guard }: { dialect: Dialect; guard: Guard },
  route: string,
  code: "METHOD_NOT_ALLOWED" | "NOT_FOUND",
  headers?: Record<string, string>,
): Promise<Response> {
  const visit = begin(services, c, route);
  try {
    for (const limit of guard.limits) await takeLimit(services, visit, limit, visit.ip);
    return visit.end(dialect.errorResponse(new RequestError(code)), headers);
  } catch (error) {
    return visit.end(answerError(services, dialect, error, visit));
  }
}

async function serve(services: AppServices, endpoint: Endpoint, c: Request_): Promise<Response> {
  const visit = begin(services, c, endpoint.path);
  try {
    const answer = await answerCall(services, endpoint, c, visit);
    return visit.end(answer);
  } catch (error) {
    return visit.end(answerError(services, endpoint.dialect, error, visit));
  }
}

async function answerCall(
  services: AppServices,
  endpoint: Endpoint,
  c: Request_,
  visit: RequestContext,
): Promise<Answer> {
  const request = c.req.raw;
  const { guard } = endpoint;
  for (const limit of guard.limits) await takeLimit(services, visit, limit, visit.ip);
  const now = new Date(visit.began);
  const early = guard.readsBody ? await receive(endpoint, request) : null;
  const actor = await guard.identify(request, {
    db: services.db,
    cache: services.cache,
    now,
    requestId: visit.id,
  }, early?.value);
  visit.actor = actor;
  for (const limit of guard.callerLimits ?? []) await takeLimit(services, visit, limit, callerOf(actor));
  if (actor.kind === "api_key") services.recordKeyUse(actor.id, now);

  const params = endpoint.params ? check(endpoint.params, c.req.param()) : undefined;
  const query = endpoint.query ? check(endpoint.query, c.req.query()) : undefined;
  const sent = endpoint.body ? early ?? await receive(endpoint, request) : null;
  const body = sent ? check(endpoint.body!, sent.value) : undefined;

  const ctx: Context = {
    db: services.db,
    actor,
    now,
    settings: endpoint.standsAlone ? defaultSettings : await settingsOf(services),
    requestId: visit.id,
    address: visit.ip,
    cache: services.cache,
    heartbeats: services.heartbeats,
    cipher: services.cipher,
  };
  const call: Call<unknown, unknown, unknown> = { ctx, params, query, body, ip: visit.ip, request };
  const answer = async (ctx: Context): Promise<Answer> => {
    const within = { ...call, ctx };
    for (const [limit, subject] of await endpoint.limits?.(within) ?? []) {
      await takeLimit(services, visit, limit, subject).catch((error) => {
        endpoint.limited?.(call, subject);
        throw error;
      });
    }
    return await endpoint.handle(within);
  };
  const key = endpoint.changes ? request.headers.get("idempotency-key") : null;
  return key === null ? await answer(ctx) : await idempotently(
    endpoint,
    call,
    { key, path: new URL(request.url).pathname, text: sent?.text ?? "" },
    answer,
  );
}

/** What came as the body, not yet checked. */
async function receive({ dialect }: Endpoint, request: Request): Promise<{ text: string; value: unknown }> {
  const text = await readText(request);
  return { text, value: dialect.parse ? dialect.parse(text, request) : parseJson(text) };
}

/** Whom a limit on callers counts for: each of an administrator's tokens has its own. */
function callerOf(actor: Actor): string {
  if (actor.kind === "administrator" && actor.session) return `session ${actor.session.id}`;
  return "id" in actor ? `${actor.kind} ${actor.id}` : actor.kind;
}

async function settingsOf(services: AppServices): Promise<Settings> {
  const found = await services.cache.getOrLoad("settings", async () => ({
    value: await readSettings(services.db),
    invalidationTag: tagOfAll("setting"),
  }));
  return found ?? defaultSettings;
}

async function takeLimit(
  services: AppServices,
  visit: RequestContext,
  limit: Limit,
  subject: string,
): Promise<void> {
  const taken = services.limiter.consume(limit, subject);
  const allowance = taken instanceof Promise ? await taken : taken;
  // Of several limits the one that is nearest to its end is told.
  if (!visit.allowance || !allowance.allowed || allowance.remaining < visit.allowance.remaining) {
    visit.allowance = allowance;
  }
  if (!allowance.allowed) throw new RequestError("RATE_LIMITED", { retryAfter: secondsOf(allowance) });
}

function secondsOf(allowance: Allowance): number {
  return Math.max(1, Math.ceil(allowance.reset / 1000));
}

function answerError(services: AppServices, dialect: Dialect, error: unknown, visit: RequestContext): Answer {
  if (isRequestError(error, "RATE_LIMITED")) {
    return withHeader(dialect.errorResponse(error), "retry-after", String(error.facts.retryAfter));
  }
  if (error instanceof DomainError || error instanceof RequestError) return dialect.errorResponse(error);
  if (isUnavailable(error)) {
    services.log.warn("database unavailable", {
      request_id: visit.id,
      ...describeError(error),
      stack: undefined,
    });
    return withHeader(dialect.errorResponse(new RequestError("UNAVAILABLE")), "retry-after", "1");
  }
  services.log.error("bug", { request_id: visit.id, route: visit.route, ...describeError(error) });
  return dialect.errorResponse(new RequestError("INTERNAL", { requestId: visit.id }));
}

function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}

function actorName(actor: Actor): string {
  return "id" in actor ? `${actor.kind}:${actor.id}` : actor.kind;
}

/** One request on its way through, and how it is answered, counted and logged. */
interface RequestContext {
  id: string;
  /** Milliseconds since 1970. */
  began: number;
  route: string;
  ip: string;
  actor: Actor | null;
  allowance: Allowance | null;
  end(answer: Answer, headers?: Record<string, string>): Response;
}

function begin(services: AppServices, c: Request_, route: string): RequestContext {
  const { headers, method } = c.req.raw;
  const started = performance.now();
  const given = headers.get("x-request-id");
  const visit: RequestContext = {
    id: given && /^[\w.-]{1,64}$/.test(given) ? given : crypto.randomUUID(),
    began: Date.now(),
    route,
    ip: services.addressOf(c.env.peer, headers.get("x-forwarded-for")),
    actor: null,
    allowance: null,
    end(answer, extra) {
      const sent: Record<string, string> = { "x-request-id": visit.id, ...answer.headers, ...extra };
      sent["cache-control"] ??= "no-store";
      if (visit.allowance) {
        sent["ratelimit-limit"] = String(visit.allowance.limit);
        sent["ratelimit-remaining"] = String(visit.allowance.remaining);
        sent["ratelimit-reset"] = String(secondsOf(visit.allowance));
      }
      let body = answer.body as BodyInit | null;
      const isWritten = typeof body === "string" || body instanceof Uint8Array ||
        body instanceof ReadableStream;
      if (!isWritten && body !== null) {
        sent["content-type"] ??= "application/json; charset=utf-8";
        body = JSON.stringify(body);
      }
      const took = performance.now() - started;
      services.metrics.request(method, route, answer.status, took);
      services.log.request({
        id: visit.id,
        method,
        route,
        status: answer.status,
        ms: took,
        ip: visit.ip,
        actor: visit.actor ? actorName(visit.actor) : null,
      });
      return new Response(body, { status: answer.status, headers: sent });
    },
  };
  return visit;
}
