// tRPC over HTTP under /trpc, subscriptions as server-sent events. Requests pass through the same pipeline as REST.
import {
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  type TRPCError,
  type TRPCErrorShape,
} from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { isInvalidValue } from "../../db/connect.ts";
import { identifyAdministrator, identifyIncompleteAdministrator } from "../request/authentication.ts";
import type { App } from "../request/app.ts";
import { MAX_ANONYMOUS_BYTES, readText } from "../request/body.ts";
import type { ErrorForm } from "../request/error_answers.ts";
import { describeApiError, factsOf } from "../request/error_form.ts";
import { describeError } from "../request/log.ts";
import { pathOf } from "../request/paths.ts";
import { compileHandler, type RouteLabels } from "../request/pipeline.ts";
import { limitSubject, type RequestContext } from "../request/request_context.ts";
import { RequestError } from "../request/request_error.ts";
import type { AppServices } from "../request/services.ts";
import { changedResponse, type PieceReader, streamBody } from "../request/streamed_body.ts";
import { encodeLive, type LiveStream } from "./live_body.ts";
import { type AppRouter, appRouter } from "./router.ts";
import { apiErrorOf, type Rule } from "./trpc.ts";

const ENDPOINT = "/trpc";

/** Mounts every procedure. */
export function mountTrpc(app: App, services: AppServices): void {
  app.all(`${ENDPOINT}/*`, compileHandler(services, trpcErrors, routeLabels, handleRequest));
}

function handleRequest(request: RequestContext): Promise<Response> {
  return isSubscription(request.raw) ? handleStream(request) : callProcedures(request);
}

async function callProcedures(request: RequestContext, live: LiveStream | null = null): Promise<Response> {
  const { raw, services } = request;
  const body = raw.body ? await readText(request, await bodyLimitOf(request)) : null;
  return await fetchRequestHandler<AppRouter>({
    endpoint: ENDPOINT,
    router: appRouter,
    req: body === null
      ? raw
      : new Request(raw.url, { method: raw.method, headers: raw.headers, body, signal: raw.signal }),
    createContext: () => ({ request, site: services.site, live }),
    onError: ({ error, path }) => noteError(request, error, path),
  });
}

function noteError(request: RequestContext, error: TRPCError, path: string | undefined): void {
  const apiError = apiErrorOf(error);
  request.errorCode = apiError.code;
  request.noteRetryAfter(apiError);
  if (request.raw.signal.aborted) return;
  if (apiError.code !== "INTERNAL" && !isInvalidValue(error.cause)) return;
  request.services.log.error("bug", {
    request_id: request.id,
    route: `${ENDPOINT}/${path}`,
    ...describeError(error.cause ?? error),
  });
}

/** Every procedure by its whole name: whether it is a query, a mutation or a subscription, and who may call it. */
const procedures = new Map(
  Object.entries<unknown>(appRouter._def.procedures).map(([name, procedure]) => {
    const { type, meta } = (procedure as { _def: { type: string; meta: { rule: Rule } } })._def;
    return [name, { type, rule: meta.rule }];
  }),
);
const BATCH = `${ENDPOINT} (batch)`;
const UNKNOWN = "(unknown)";

/** The metrics count all batches together; the log has the procedures of each. Unknown names are not repeated. */
const routeLabels: RouteLabels = {
  labels: [...procedures.keys(), UNKNOWN].map((name) => `${ENDPOINT}/${name}`).concat(BATCH),
  of(raw) {
    const names = namesIn(raw);
    const known = names.map((name) => procedures.has(name) ? name : UNKNOWN);
    const logged = `${ENDPOINT}/${known.slice(0, 20).join(",")}`;
    return { label: names.length > 1 ? BATCH : logged, logged };
  },
};

function namesIn(raw: Request): string[] {
  return pathOf(raw).slice(ENDPOINT.length + 1).split(",");
}

/**
 * How much of a body is read: nothing of a caller whom no procedure of the request lets in, and little of one who need not
 * be known.
 *
 * @throws RequestError NOT_FOUND when there is none of the procedures; CROSS_SITE
 * @throws DomainError SIGN_IN_REQUIRED, SECOND_FACTOR_MISSING
 */
async function bodyLimitOf(request: RequestContext): Promise<number | undefined> {
  const rules = namesIn(request.raw).flatMap((name) => procedures.get(name)?.rule ?? []);
  if (rules.length === 0) throw new RequestError("NOT_FOUND");
  if (rules.includes("anyone")) return MAX_ANONYMOUS_BYTES;
  if (rules.includes("incomplete")) await identifyIncompleteAdministrator(request);
  else await identifyAdministrator(request);
}

function isSubscription(raw: Request): boolean {
  const [name] = namesIn(raw);
  return procedures.get(name)?.type === "subscription";
}

/**
 * Counts a stream. Callers who are not signed in are refused by the procedure, in the stream.
 *
 * @throws RequestError TOO_MANY_STREAMS; DomainError `OVERLOADED`
 */
async function takeStreamSlot(request: RequestContext): Promise<() => void> {
  const actor = await identifyAdministrator(request).catch(() => null);
  return request.services.streams.take(actor ? limitSubject(actor) : request.address);
}

async function handleStream(request: RequestContext): Promise<Response> {
  const release = await takeStreamSlot(request);
  const disconnected = () => request.services.streams.countDropped();
  const left = new AbortController();
  const ended = () => {
    release();
    left.abort();
  };
  try {
    const dropped = new AbortController();
    const live: LiveStream = { signal: left.signal, drop: () => dropped.abort(), batches: null };
    const response = await callProcedures(request, live);
    const { body } = response;
    if (!live.batches) {
      // A caller who was not let in reads what tRPC wrote.
      if (body) return changedResponse(response, streamBody(body, { ended }));
      ended();
      return response;
    }
    body?.cancel().catch(() => {});
    const pieces = encodeLive(live.batches, (error) => describeStreamError(request, error));
    const reader: PieceReader = { read: () => pieces.next(), cancel: () => pieces.return(undefined) };
    // HTTP/1.1 connections are kept anyway, unless the listener says otherwise.
    response.headers.delete("connection");
    return changedResponse(response, streamBody(reader, { ended, disconnected, dropped: dropped.signal }));
  } catch (error) {
    ended();
    throw error;
  }
}

/** An error in the middle of a stream, as tRPC writes one. */
function describeStreamError(request: RequestContext, cause: unknown): TRPCErrorShape {
  const [path] = namesIn(request.raw);
  const error = getTRPCErrorFromUnknown(cause);
  noteError(request, error, path);
  const { _config: config } = appRouter._def;
  return getTRPCErrorShape({ config, error, type: "subscription", path, input: undefined, ctx: undefined });
}

/** Errors before a procedure is reached, such as a body that is too large, in the shape of tRPC's own. */
const trpcErrors: ErrorForm = {
  errorResponse(error) {
    const { status, message } = describeApiError(error);
    const data = { code: error.code, details: factsOf(error), httpStatus: status };
    return { status, body: { error: { message, code: -32600, data } } };
  },
};
