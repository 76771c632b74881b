// The two listeners of the setting LISTENER. `node` (node:http) delivers bodies of GET requests and limits the time of
// slow clients, so it needs no proxy. `deno` (Deno.serve) does neither and belongs behind a proxy that does.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { writeReply } from "./answer_writer.ts";
import { inTurn } from "./pipelining.ts";
import { type Reply, toResponse } from "./reply.ts";
import { within } from "./within.ts";
import type { Peer } from "./request_context.ts";

export type Handler = (request: Request, peer: Peer) => Reply | Promise<Reply>;

export interface Listener {
  port: number;
  /**
   * Stops. For `grace` milliseconds, and longer while requests arrive, they are still accepted and clients are told to close
   * their connections: a load balancer sends requests until it has asked whether the server is ready. Then no more are
   * accepted and the running ones finish. What is not finished after `total` milliseconds is cut off: bodies that do not end,
   * answers that are not read, work that hangs.
   *
   * @returns the number of requests that were cut off
   */
  drain(grace: number, total: number): Promise<number>;
}

export interface ListenOptions {
  host: string;
  port: number;
  /** Whether several processes share the port. */
  shared?: boolean;
  /** The age of a connection from which its next answer is its last; milliseconds. `Deno.serve` does not know it. */
  maxAge?: number;
}

/** The port is in use by another program. */
export class PortInUseError extends Error {
  constructor(port: number) {
    super(`Port ${port} is in use by another program. Stop it, or choose another port: PORT=${port + 1}`);
  }
}

/** Time for a request's head, and for the whole request; milliseconds. */
const HEAD_WITHIN = 10_000;
const ALL_WITHIN = 60_000;
/**
 * How long an idle connection is kept, and how long clients are told that it is: one that sends a request in the last moment
 * would find it closed. Milliseconds, and seconds.
 */
const IDLE = 75_000;
const KEEP_ALIVE = ["keep-alive", "timeout=60"] as const;
const CLOSE = ["connection", "close"] as const;
/** The age of a connection from which its next answer is its last, so that balancers reach servers that were added. */
const MAX_AGE = 600_000;
/** The time without a request after which a server that stops expects no more; milliseconds. */
const QUIET = 300;
/** How often a server that stops checks whether it is on time; milliseconds. */
const CHECK_INTERVAL = 50;
/** How long a connection may take to send its request when it was accepted as the server stopped; milliseconds. */
const FIRST_REQUEST_WITHIN = 500;
/** How long closed connections may take to report it; milliseconds. */
const CLOSED_WITHIN = 500;

/**
 * Listens with `node:http`.
 *
 * @throws PortInUseError
 */
export function listenNode(handler: Handler, options: ListenOptions): Promise<Listener> {
  let draining = false;
  const { maxAge = MAX_AGE } = options;
  const sockets = new Map<Socket, { acceptedAt: number; hasRequest: boolean }>();
  const requests = countRequests();
  /** The last answers of their connections. */
  const closing = new WeakSet<ServerResponse>();
  const answer = async (
    request: Request,
    peer: Peer,
    connection: { incoming: IncomingMessage; outgoing: ServerResponse },
  ): Promise<void> => {
    const { outgoing } = connection;
    try {
      const handled = handler(request, peer);
      const reply = handled instanceof Promise ? await handled : handled;
      writeReply(reply, connection, closing.has(outgoing) ? CLOSE : KEEP_ALIVE);
    } catch {
      // Handlers answer what is thrown in them; this is a bug of a handler itself.
      outgoing.destroy();
    }
  };
  const serve = getRequestListener((request, { incoming, outgoing }) => {
    // The server speaks HTTP/1.1 alone.
    const connection = { incoming: incoming as IncomingMessage, outgoing: outgoing as ServerResponse };
    const peer = {
      peer: incoming.socket?.remoteAddress ?? "",
      isClosable: true,
      incoming: connection.incoming,
    };
    void answer(request, peer, connection);
    // The answer is written elsewhere. The adapter would read the headers of RESPONSE_ALREADY_SENT each time; for this it waits,
    // and is collected with the request.
    return new Promise<never>(() => {});
  }, {
    overrideGlobalObjects: false,
    hostname: "localhost",
    // An address that cannot be read.
    errorHandler: () => new Response(null, { status: 400, headers: { connection: "close" } }),
  });
  const server = createServer(
    { headersTimeout: HEAD_WITHIN, requestTimeout: ALL_WITHIN, keepAliveTimeout: IDLE },
    inTurn((incoming: IncomingMessage, outgoing: ServerResponse, isLast: boolean) => {
      const connection = sockets.get(incoming.socket);
      if (connection) connection.hasRequest = true;
      const isOld = connection && performance.now() - connection.acceptedAt >= maxAge;
      if (isLast && (draining || isOld)) closing.add(outgoing);
      if (draining) requests.noteArrival(incoming.url ?? "");
      // A Fetch `Request` with the method GET cannot have a body. QUERY can, and is safe and idempotent as well.
      if (incoming.method === "GET" && hasBody(incoming)) incoming.method = "QUERY";
      serve(incoming, outgoing);
    }, requests),
  );
  server.on("connection", (socket: Socket) => {
    sockets.set(socket, { acceptedAt: performance.now(), hasRequest: false });
    socket.once("close", () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error: Error & { code?: string }) => {
      reject(error.code === "EADDRINUSE" ? new PortInUseError(options.port) : error);
    });
    const { host, port, shared } = options;
    server.listen({ host, port, reusePort: shared ?? false, backlog: 1024 }, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        async drain(grace, total) {
          draining = true;
          const deadline = performance.now() + total;
          await requests.quiet(grace, total / 2);
          const closed = new Promise((resolve) => server.close(resolve));
          const fresh = [...sockets.values()].filter(({ hasRequest }) => !hasRequest);
          const acceptedAt = Math.max(...fresh.map(({ acceptedAt }) => acceptedAt));
          await pause(Math.min(acceptedAt + FIRST_REQUEST_WITHIN, deadline) - performance.now());
          server.closeIdleConnections();
          const cutOff = await requests.none(deadline - performance.now());
          server.closeAllConnections();
          // Connections without a request are not known to the server.
          for (const socket of sockets.keys()) socket.destroy();
          await within(CLOSED_WITHIN, closed);
          return cutOff;
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
  const aborter = new AbortController();
  const requests = countRequests();
  const serve = async (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Promise<Response> => {
    // The port stays open until running requests finish; new ones are answered 503, so that clients try another server.
    if (closed) {
      return new Response(null, { status: 503, headers: { connection: "close", "retry-after": "1" } });
    }
    requests.begin();
    if (draining) requests.noteArrival(request.url);
    try {
      const response = toResponse(await handler(request, { peer: info.remoteAddr.hostname }));
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
        signal: aborter.signal,
        onListen: ({ port }) =>
          resolve({
            port,
            async drain(grace, total) {
              draining = true;
              const deadline = performance.now() + total;
              await requests.quiet(grace, total / 2);
              closed = true;
              // Deno.serve answers 500 when it is shut down while a body is being received.
              const cutOff = await requests.none(deadline - performance.now());
              if (cutOff === 0) {
                // This waits for answers that are being sent, which are not counted above. It cannot be aborted any more;
                // the connections then end with the process.
                const isDone = await within(deadline - performance.now(), server.shutdown());
                return isDone ? 0 : 1;
              }
              aborter.abort();
              await within(CLOSED_WITHIN, server.finished);
              return cutOff;
            },
          }),
      }, serve);
    } catch (error) {
      reject(error instanceof Deno.errors.AddrInUse ? new PortInUseError(options.port) : error);
    }
  });
}

/** How balancers and monitoring ask for the state of the server; they do so until it has ended. */
const probe = /^(?:https?:\/\/[^/]*)?\/(?:health|metrics)(?:$|[/?])/;

/** Counts running requests. */
function countRequests() {
  let underWay = 0;
  let arrivedAt = -Infinity;
  let waiting: (() => void)[] = [];
  return {
    begin: () => void underWay++,
    end: () => {
      if (--underWay > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    /** A request arrived although the server stops. */
    noteArrival(url: string): void {
      if (!probe.test(url)) arrivedAt = performance.now();
    },
    /**
     * Waits so many milliseconds, then until no request arrives any more, at most `most`. A timer that fires late shows that
     * the process is busy: what has arrived may not have been accepted yet.
     */
    async quiet(least: number, most: number): Promise<void> {
      const began = performance.now();
      const silence = Math.min(QUIET, least / 2);
      while (true) {
        const now = performance.now();
        const quietAt = Math.min(Math.max(began + least, arrivedAt + silence), began + Math.max(least, most));
        if (now >= quietAt) return;
        const wait = Math.min(quietAt - now, CHECK_INTERVAL);
        await pause(wait);
        if (performance.now() > now + wait + CHECK_INTERVAL) arrivedAt = performance.now();
      }
    },
    /** Waits for the end of all, at most so many milliseconds, and returns how many are left. */
    async none(milliseconds: number): Promise<number> {
      if (underWay > 0) await within(milliseconds, new Promise<void>((resolve) => waiting.push(resolve)));
      return underWay;
    },
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
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
