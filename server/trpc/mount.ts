// tRPC over HTTP under /trpc, subscriptions as server-sent events. Requests pass through the same pipeline as REST.
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { isInvalidValue } from "../../db/connect.ts";
import { readText } from "../request/body.ts";
import type { ErrorForm } from "../request/error_answers.ts";
import { describeApiError, factsOf } from "../request/error_form.ts";
import { describeError } from "../request/log.ts";
import { pathOf } from "../request/paths.ts";
import { compileHandler } from "../request/pipeline.ts";
import type { RequestContext } from "../request/request_context.ts";
import type { App } from "../request/routes.ts";
import type { AppServices } from "../request/services.ts";
import { type AppRouter, appRouter } from "./router.ts";
import { apiErrorOf } from "./trpc.ts";

const ENDPOINT = "/trpc";

/** Mounts every procedure. */
export function mountTrpc(app: App, services: AppServices): void {
  const handle = compileHandler(services, trpcErrors, labelsOf, handleRequest);
  app.all(`${ENDPOINT}/*`, (c) => handle(c.req.raw, c.env));
}

async function handleRequest(request: RequestContext): Promise<Response> {
  const { raw, services } = request;
  const body = raw.body ? await readText(raw) : null;
  return await fetchRequestHandler<AppRouter>({
    endpoint: ENDPOINT,
    router: appRouter,
    req: body === null
      ? raw
      : new Request(raw.url, { method: raw.method, headers: raw.headers, body, signal: raw.signal }),
    createContext: () => ({ request, site: services.site }),
    onError({ error, path }) {
      const apiError = apiErrorOf(error);
      request.errorCode = apiError.code;
      request.noteRetryAfter(apiError);
      if (raw.signal.aborted) return;
      if (apiError.code !== "INTERNAL" && !isInvalidValue(error.cause)) return;
      services.log.error("bug", {
        request_id: request.id,
        route: `${ENDPOINT}/${path}`,
        ...describeError(error.cause ?? error),
      });
    },
  });
}

/** The metrics count all batches together; the log has the procedures of each. Unknown names are not repeated. */
function labelsOf(raw: Request): { label: string; logged: string } {
  const names = pathOf(raw).slice(ENDPOINT.length + 1).split(",");
  const known = names.map((name) => Object.hasOwn(appRouter._def.procedures, name) ? name : "(unknown)");
  const logged = `${ENDPOINT}/${known.slice(0, 20).join(",")}`;
  return { label: names.length > 1 ? `${ENDPOINT} (batch)` : logged, logged };
}

/** Errors before a procedure is reached, such as a body that is too large, in the shape of tRPC's own. */
const trpcErrors: ErrorForm = {
  errorResponse(error) {
    const { status, message } = describeApiError(error);
    const data = { code: error.code, details: factsOf(error), httpStatus: status };
    return { status, body: { error: { message, code: -32600, data } } };
  },
};
