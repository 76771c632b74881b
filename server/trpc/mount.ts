// The panel's door: tRPC over HTTP under /trpc, subscriptions as server-sent events. Requests are counted, limited and
// logged as at the other door.
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { Hono } from "hono";
import { describeError } from "../request/log.ts";
import { type AppRouter, appRouter } from "./router.ts";
import { apiErrorOf } from "./trpc.ts";
import { type ProcedureServices, receive, type Site } from "./visit.ts";

const ENDPOINT = "/trpc";
const MOST_BYTES = 1024 * 1024;

/** Mounts every procedure. */
export function mountTrpc(
  app: Hono<{ Bindings: { peer: string } }>,
  rooms: ProcedureServices,
  site: Site,
): void {
  app.all(`${ENDPOINT}/*`, async (c) => {
    const began = performance.now();
    const request = c.req.raw;
    const path = new URL(request.url).pathname.slice(ENDPOINT.length + 1);
    const visit = receive(rooms, site, request, c.env.peer);
    const body = request.body ? await readBody(request.body) : null;
    const answer = body === undefined ? tooLarge() : await fetchRequestHandler<AppRouter>({
      endpoint: ENDPOINT,
      router: appRouter,
      req: body === null ? request : new Request(request.url, {
        method: request.method,
        headers: request.headers,
        body: body as BodyInit,
        signal: request.signal,
      }),
      createContext: () => visit,
      responseMeta: () => ({ headers: visit.headers }),
      onError({ error, path }) {
        if (apiErrorOf(error).code !== "INTERNAL") return;
        rooms.log.error("bug", {
          request_id: visit.id,
          route: `/trpc/${path}`,
          ...describeError(error.cause ?? error),
        });
      },
    });
    // Batches name several procedures; the log has them as they came, the metrics one name for each kind.
    const took = performance.now() - began;
    rooms.metrics.request(
      request.method,
      path.includes(",") ? "/trpc (batch)" : routeOf(path),
      answer.status,
      took,
    );
    rooms.log.info("request", {
      request_id: visit.id,
      method: request.method,
      route: `/trpc/${path.slice(0, 200)}`,
      status: answer.status,
      ms: Math.round(took * 100) / 100,
      ip: visit.ip,
    });
    return answer;
  });
}

/** A route that is known by name; strangers' inventions are counted together. */
function routeOf(path: string): string {
  return path in appRouter._def.procedures ? `/trpc/${path}` : "/trpc (unknown)";
}

function tooLarge(): Response {
  return Response.json(
    {
      error: {
        message: "The body is too large.",
        code: -32600,
        data: { code: "PAYLOAD_TOO_LARGE", httpStatus: 413 },
      },
    },
    { status: 413 },
  );
}

/** The whole body, or undefined when it is larger than it may be. */
async function readBody(stream: ReadableStream<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return await new Blob(chunks as BlobPart[]).bytes();
}
