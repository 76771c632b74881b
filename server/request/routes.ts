// Which address leads to which handler: endpoints, other methods at their addresses, pages, and everything else.
import { Hono } from "hono";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import type { Endpoint } from "./endpoint.ts";
import type { ErrorForm } from "./error_answers.ts";
import { compileAnswers, compileEndpoint, compileRefusal, type RequestHandler } from "./pipeline.ts";
import { pathOf, withoutTrailingSlash } from "./paths.ts";
import type { Limit } from "./rate_limiter.ts";
import type { Peer } from "./request_context.ts";
import type { AppServices } from "./services.ts";

export type App = Hono<{ Bindings: Peer }>;

/** Endpoints that are mounted in the same way. */
export interface EndpointGroup {
  endpoints: Endpoint[];
  /** Whether pages of other sites may call them. */
  cors: boolean;
}

/** What is answered at addresses that have no endpoint. */
export interface Fallback {
  /** The page at an address; null where there is none. */
  page(request: Request, peer: Peer): Response | null;
  /** The error at addresses below a prefix, the first that matches; the empty prefix matches all. */
  unknown: { prefix: string; form: ErrorForm; cors: boolean }[];
  /** Limits on the caller's address. */
  limits: Limit[];
}

/** Mounts endpoints; refuses other methods at their addresses, and other addresses that are no page. */
export function mountEndpoints(
  app: App,
  services: AppServices,
  groups: EndpointGroup[],
  fallback: Fallback,
): void {
  // Refusals have a router of their own: Hono dispatches a path that has a single handler fastest.
  const refused: App = new Hono({ getPath: pathOf });
  for (const { endpoints, cors } of groups) {
    const headers = cors ? corsHeaders : {};
    for (const [path, declared] of Map.groupBy(endpoints, ({ path }) => routeOf(path))) {
      for (const endpoint of declared) {
        mountEndpoint(app, path, compileEndpoint(endpoint, services, headers), endpoint);
      }
      const [{ dialect: form, guard: { limits }, path: route }] = declared;
      const allow = declared.flatMap(({ method }) =>
        method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]
      )
        .join(", ");
      if (cors) {
        const preflight = { status: 204, body: null, headers: preflightHeaders(allow) };
        const answer = compileAnswers(services, route, () => preflight);
        refused.options(path, (c) => answer(c.req.raw, c.env)!);
      }
      const refuse = compileRefusal(services, { form, limits }, route, "METHOD_NOT_ALLOWED", {
        ...headers,
        allow,
      });
      refused.all(path, (c) => refuse(c.req.raw, c.env));
    }
  }
  const unknown = fallback.unknown.map(({ prefix, form, cors }) => {
    const headers = cors ? corsHeaders : {};
    const { limits } = fallback;
    return { prefix, refuse: compileRefusal(services, { form, limits }, "unknown", "NOT_FOUND", headers) };
  });
  refused.notFound((c) => {
    const { refuse } = unknown.find(({ prefix }) => isBelow(c.req.path, prefix))!;
    return refuse(c.req.raw, c.env);
  });
  app.notFound((c) => fallback.page(c.req.raw, c.env) ?? refused.fetch(c.req.raw, c.env));
}

/** A declared path in the router's form. */
function routeOf(path: string): string {
  return withoutTrailingSlash(path).replace(/\{(\w+)\}/g, ":$1");
}

function mountEndpoint(app: App, path: string, handle: RequestHandler, { method }: Endpoint): void {
  // The listener turns a GET with a body into a QUERY.
  const methods = method === "get" ? ["GET", "QUERY"] : [method.toUpperCase()];
  app.on(
    methods,
    path,
    (c) => handle({ raw: c.req.raw, peer: c.env, params: () => c.req.param(), query: () => c.req.query() }),
  );
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === "" || path === prefix || path.startsWith(`${prefix}/`);
}
