// Which address leads to which handler: endpoints, other methods at their addresses, pages, and everything else.
import { type Context as HonoContext, Hono } from "hono";
import type { Endpoint } from "./endpoint.ts";
import type { ErrorForm } from "./error_answers.ts";
import { compileEndpoint, compileRefusal } from "./pipeline.ts";
import type { Limit } from "./rate_limiter.ts";
import type { Peer } from "./request_context.ts";
import type { AppServices } from "./services.ts";

export type App = Hono<{ Bindings: Peer }>;
type AppContext = HonoContext<{ Bindings: Peer }>;

/** What is answered at addresses that have no endpoint. */
export interface Fallback {
  /** The page at an address; null where there is none. */
  page(request: Request, peer: Peer): Response | null;
  /** The form of the error at an unknown address, and the limits on the caller's address. */
  unknown(path: string): { form: ErrorForm; limits: Limit[] };
}

/** Mounts endpoints; refuses other methods at their addresses, and other addresses that are no page. */
export function mountEndpoints(
  app: App,
  services: AppServices,
  endpoints: Endpoint[],
  fallback: Fallback,
): void {
  // Refusals have a router of their own: Hono dispatches a path that has a single handler fastest.
  const refused: App = new Hono();
  const byPath = Map.groupBy(endpoints, ({ path }) => path.replace(/\{(\w+)\}/g, ":$1"));
  for (const [path, declared] of byPath) {
    for (const endpoint of declared) {
      const handle = compileEndpoint(endpoint, services);
      // The listener turns a GET with a body into a QUERY.
      const methods = endpoint.method === "get" ? ["GET", "QUERY"] : [endpoint.method.toUpperCase()];
      app.on(
        methods,
        path,
        (c) =>
          handle({ raw: c.req.raw, peer: c.env, params: () => c.req.param(), query: () => c.req.query() }),
      );
    }
    const [{ dialect, guard, path: route }] = declared;
    const allow = declared.map(({ method }) => method.toUpperCase()).join(", ");
    const refuse = compileRefusal(
      services,
      { form: dialect, limits: guard.limits },
      route,
      "METHOD_NOT_ALLOWED",
      {
        allow,
      },
    );
    refused.all(path, (c) => refuse(c.req.raw, c.env));
  }
  const notFound = new Map<ErrorForm, ReturnType<typeof compileRefusal>>();
  refused.notFound((c: AppContext) => {
    const unknown = fallback.unknown(c.req.path);
    let refuse = notFound.get(unknown.form);
    if (!refuse) {
      refuse = compileRefusal(services, unknown, "unknown", "NOT_FOUND");
      notFound.set(unknown.form, refuse);
    }
    return refuse(c.req.raw, c.env);
  });
  app.notFound((c) => fallback.page(c.req.raw, c.env) ?? refused.fetch(c.req.raw, c.env));
}
