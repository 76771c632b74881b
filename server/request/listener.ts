// The two listeners of the setting LISTENER. `node` (node:http) delivers bodies of GET requests and limits the time of
// slow clients, so it needs no proxy. `deno` (Deno.serve) does neither and belongs behind a proxy that does.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Peer } from "./request_context.ts";

export type Handler = (request: Request, peer: Peer) => Response | Promise<Response>;

export interface Listener {
  port: number;
  /**
   * Stops without aborting a request: for `grace` milliseconds requests are still accepted while clients are instructed to
   * close their connections, then no more are accepted and the running ones finish.
   */
  drain(grace: number): Promise<void>;
}

export interface ListenOptions {
  host: string;
  port: number;
  /** Whether several processes share the port. */
  shared?: boolean;
}

/** The port is in use by another program. */
export class PortInUseError extends Error {
  constructor(port: number) {
    super(`Port ${port} is in use by another program. Stop it, or choose another port: PORT=${port + 1}`);
  }
}

/** Time for a request's head, for the whole request, and for an idle connection; milliseconds. */
const HEAD_WITHIN = 10_000;
const ALL_WITHIN = 60_000;
const IDLE = 65_000;

/**
 * Listens with `node:http`.
 *
 * @throws PortInUseError
 */
export function listenNode(handler: Handler, options: ListenOptions): Promise<Listener> {
  let draining = false;
  const requests = countRequests();
  const serve = getRequestListener(
    (request, { incoming }) => handler(request, { peer: incoming.socket?.remoteAddress ?? "" }),
    { overrideGlobalObjects: false, hostname: "localhost" },
  );
  const server = createServer(
    { headersTimeout: HEAD_WITHIN, requestTimeout: ALL_WITHIN, keepAliveTimeout: IDLE },
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      requests.begin();
      outgoing.once("close", requests.end);
      if (draining) outgoing.setHeader("connection", "close");
      // A Fetch `Request` with the method GET cannot have a body. QUERY can, and is safe and idempotent as well.
      if (incoming.method === "GET" && hasBody(incoming)) incoming.method = "QUERY";
      serve(incoming, outgoing);
    },
  );
  return new Promise((resolve, reject) => {
    server.once("error", (error: Error & { code?: string }) => {
      reject(error.code === "EADDRINUSE" ? new PortInUseError(options.port) : error);
    });
    const { host, port, shared } = options;
    server.listen({ host, port, reusePort: shared ?? false, backlog: 1024 }, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        async drain(grace) {
          draining = true;
          await new Promise((resolve) => setTimeout(resolve, grace));
          const closed = new Promise((resolve) => server.close(resolve));
          await requests.none();
          server.closeAllConnections();
          await closed;
        },
      });
    });
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return Number(headers["content-length"] ?? 0) > 0 || headers["transfer-encoding"] !== undefined;
}

/**
 * Listens with `Deno.serve`.
 *
 * @throws PortInUseError
 */
export function listenDeno(handler: Handler, options: ListenOptions): Promise<Listener> {
  let draining = false;
  let closed = false;
  const requests = countRequests();
  const serve = async (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Promise<Response> => {
    // The port stays open until running requests finish; new ones are answered 503, so that clients try another server.
    if (closed) {
      return new Response(null, { status: 503, headers: { connection: "close", "retry-after": "1" } });
    }
    requests.begin();
    try {
      const response = await handler(request, { peer: info.remoteAddr.hostname });
      if (draining) response.headers.set("connection", "close");
      return response;
    } finally {
      requests.end();
    }
  };
  return new Promise((resolve, reject) => {
    try {
      const server = Deno.serve({
        hostname: options.host,
        port: options.port,
        reusePort: options.shared ?? false,
        onListen: ({ port }) =>
          resolve({
            port,
            async drain(grace) {
              draining = true;
              await new Promise((resolve) => setTimeout(resolve, grace));
              closed = true;
              // Deno.serve answers 500 when it is shut down while a body is being received.
              await requests.none();
              await server.shutdown();
            },
          }),
      }, serve);
    } catch (error) {
      reject(error instanceof Deno.errors.AddrInUse ? new PortInUseError(options.port) : error);
    }
  });
}

/** Counts running requests; `none` settles when there are none. */
function countRequests() {
  let underWay = 0;
  let waiting: (() => void)[] = [];
  return {
    begin: () => void underWay++,
    end: () => {
      if (--underWay > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    none: () => underWay === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve)),
  };
}

/**
 * Binds the port and releases it, so that a start fails before anything else is started.
 *
 * @throws PortInUseError
 */
export function assertPortFree(host: string, port: number): void {
  try {
    Deno.listen({ hostname: host, port }).close();
  } catch (error) {
    throw error instanceof Deno.errors.AddrInUse ? new PortInUseError(port) : error;
  }
}
