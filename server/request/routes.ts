// Which address leads to which handler: endpoints, other methods at their addresses, pages, and everything else.
import { App } from "./app.ts";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import type { Endpoint } from "./endpoint.ts";
import type { ErrorForm } from "./error_answers.ts";
import { compileAnswers, compileEndpoint, compileRefusal } from "./pipeline.ts";
import { pathOf, withoutTrailingSlash } from "./paths.ts";
import type { Limit } from "./rate_limiter.ts";
import type { Reply } from "./reply.ts";
import type { Peer } from "./request_context.ts";
import type { AppServices } from "./services.ts";

/** Endpoints that are mounted in the same way. */
export interface EndpointGroup {
  endpoints: Endpoint[];
  /** Whether pages of other sites may call them. */
  cors: boolean;
}

/** What is answered at addresses that have no endpoint. */
export interface Fallback {
  /** The page at an address; null where there is none. */
  page(request: Request, peer: Peer): Reply | null;
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
  // Refusals have a table of their own, which is searched when no endpoint matches.
  const refused = new App();
  for (const { endpoints, cors } of groups) {
    const headers = cors ? corsHeaders : {};
    for (const [path, declared] of Map.groupBy(endpoints, ({ path }) => routeOf(path))) {
      for (const endpoint of declared) {
        app.on(methodsOf(endpoint), path, compileEndpoint(endpoint, services, headers));
      }
      const [{ dialect: form, guard: { limits }, path: route }] = declared;
      const allow = declared.flatMap(({ method }) =>
        method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]
      )
        .join(", ");
      if (cors) {
        const preflight = { status: 204, body: null, headers: preflightHeaders(allow) };
        const answer = compileAnswers(services, route, () => preflight);
        refused.on(["OPTIONS"], path, (raw, peer) => answer(raw, peer)!);
      }
      refused.all(
        path,
        compileRefusal(services, { form, limits }, route, "METHOD_NOT_ALLOWED", { ...headers, allow }),
      );
    }
  }
  const unknown = fallback.unknown.map(({ prefix, form, cors }) => {
    const headers = cors ? corsHeaders : {};
    const { limits } = fallback;
    return { prefix, refuse: compileRefusal(services, { form, limits }, "unknown", "NOT_FOUND", headers) };
  });
  refused.otherwise((raw, peer) => {
    const path = pathOf(raw);
    return unknown.find(({ prefix }) => isBelow(path, prefix))!.refuse(raw, peer);
  });
  app.otherwise((raw, peer) => fallback.page(raw, peer) ?? refused.answer(raw, peer));
}

/** A declared path in the router's form. A suffix such as ".json" becomes part of the parameter before it. */
function routeOf(path: string): string {
  return withoutTrailingSlash(path).replace(
    /\{(\w+)\}(\.\w+)?/g,
    (_, name, suffix) => suffix ? `:${name}{[^/]+\\${suffix}}` : `:${name}`,
  );
}

function methodsOf({ method }: Endpoint): string[] {
  // The listener turns a GET with a body into a QUERY.
  return method === "get" ? ["GET", "QUERY"] : [method.toUpperCase()];
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === "" || path === prefix || path.startsWith(`${prefix}/`);
}
