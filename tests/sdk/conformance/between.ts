// A server between the libraries and the real one: it forwards calls, or answers as a test says, down to broken sockets.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** A request as it arrived. */
export interface Sent {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  text: string;
  /** Null when it is no JSON object. */
  // deno-lint-ignore no-explicit-any
  body: any;
  /** Milliseconds of `performance.now()`. */
  at: number;
}

/** What the real server answered. */
export interface Forwarded {
  status: number;
  headers: Record<string, string>;
  text: string;
  // deno-lint-ignore no-explicit-any
  body: any;
}

/** Answers a request; one that does not end the response lets the library wait. */
export type Handler = (sent: Sent, response: ServerResponse) => unknown;

export class Between {
  readonly url: string;
  /** Address of the real server. */
  real = "";
  readonly #server: Server;
  /** What arrived since the last `begin`. */
  requests: Sent[] = [];
  #handler: Handler;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
    this.#handler = this.honest;
  }

  static async start(): Promise<Between> {
    const server = createServer((request, response) => void between.#receive(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const between: Between = new Between(server, (server.address() as { port: number }).port);
    return between;
  }

  /** From now on answers so; what arrived before is forgotten. */
  begin(handler: Handler): void {
    this.requests = [];
    this.goOn(handler);
  }

  /** From now on answers so; what arrived before is kept. */
  goOn(handler: Handler): void {
    this.#handler = handler;
  }

  /** Forwards to the real server, as nothing were between. */
  readonly honest: Handler = async (sent, response) => write(response, await this.forward(sent));

  /** Asks the real server. @param change members of the body that are replaced */
  async forward(sent: Sent, change: Record<string, unknown> = {}): Promise<Forwarded> {
    const { "content-length": _, "transfer-encoding": __, connection: ___, host: ____, ...headers } =
      sent.headers;
    const isChanged = Object.keys(change).length > 0;
    const answer = await fetch(this.real + sent.path + sent.query, {
      method: sent.method,
      headers,
      body: sent.text === ""
        ? undefined
        : isChanged
        ? JSON.stringify({ ...sent.body, ...change })
        : sent.text,
    });
    const text = await answer.text();
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text, body: parsed(text) };
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A library that has had enough closes the connection.
    response.on("error", () => {});
    request.on("error", () => {});
    const handler = this.#handler;
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = new TextDecoder().decode(
        new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()),
      );
      const { pathname, search } = new URL(request.url!, this.url);
      const sent: Sent = {
        method: request.method!,
        path: pathname,
        query: search,
        headers: request.headers as Record<string, string>,
        text,
        body: parsed(text),
        at: performance.now(),
      };
      this.requests.push(sent);
      // A closed connection after each answer: no client repeats a request by itself on one that it used before.
      response.setHeader("connection", "close");
      await handler(sent, response);
    } catch {
      response.destroy();
    }
  }
}

/** Writes an answer; its length is that of the text. */
export function write(
  response: ServerResponse,
  { status = 200, headers = {}, text }: { status?: number; headers?: Record<string, string>; text: string },
): void {
  const { "content-length": _, "transfer-encoding": __, "content-encoding": ___, connection: ____, ...kept } =
    headers;
  response.writeHead(status, { "content-type": "application/json", ...kept });
  response.end(text);
}

/** Writes JSON. */
export function writeJson(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  write(response, { status, headers, text: JSON.stringify(body) });
}

/** The network is away: the connection is closed without an answer. */
export const lost: Handler = (_, response) => response.destroy();

function parsed(text: string) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
