// The two listeners behind one setting. The complete one (`node:http`) delivers bodies on GET and keeps slow clients
// from holding connections; it can stand alone. The fast one (`Deno.serve`) belongs behind a proxy that does both.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Peer } from "./request_context.ts";

export type Handler = (request: Request, peer: Peer) => Response | Promise<Response>;

export interface Listener {
  port: number;
  /**
   * Stops without cutting anything off: for `grace` milliseconds requests are still taken while clients are asked to
   * close their connections, then no more come in, and those under way are finished.
   */
  drain(grace: number): Promise<void>;
}

export interface ListenOptions {
  host: string;
  port: number;
  /** Whether several processes share the port. */
  shared?: boolean;
}

/** The port is somebody else's. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(`Port ${port} is taken by another program. Stop it, or choose another port: PORT=${port + 1}`);
  }
}

/** How long a client may take to send a request's head, and all of it; how long a connection may idle; ms. */
const HEAD_WITHIN = 10_000;
const ALL_WITHIN = 60_000;
const IDLE = 65_000;

/**
 * Listens with `node:http`.
 *
 * @throws PortTaken
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
      // A Request of the web cannot be a GET and have a body; a QUERY can, and is safe and idempotent as well.
      if (incoming.method === "GET" && hasBody(incoming)) incoming.method = "QUERY";
      serve(incoming, outgoing);
    },
  );
  return new Promise((resolve, reject) => {
    server.once("error", (error: Error & { code?: string }) => {
      reject(error.code === "EADDRINUSE" ? new PortTaken(options.port) : error);
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
 * @throws PortTaken
 */
export function listenDeno(handler: Handler, options: ListenOptions): Promise<Listener> {
  let draining = false;
  let closed = false;
  const requests = countRequests();
  const serve = async (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Promise<Response> => {
    // The port stays open until those under way are finished; who comes meanwhile is sent to another server.
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
              // Shutting down while a body is on its way would answer it with a 500.
              await requests.none();
              await server.shutdown();
            },
          }),
      }, serve);
    } catch (error) {
      reject(error instanceof Deno.errors.AddrInUse ? new PortTaken(options.port) : error);
    }
  });
}

/** Counts requests under way, and tells when there are none. */
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
 * Tries the port without keeping it, so that a start can fail before anything else was started.
 *
 * @throws PortTaken
 */
export function assertPortFree(host: string, port: number): void {
  try {
    Deno.listen({ hostname: host, port }).close();
  } catch (error) {
    throw error instanceof Deno.errors.AddrInUse ? new PortTaken(port) : error;
  }
}
