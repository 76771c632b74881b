// A server that is not the vendor's: it forwards calls to the real one and changes what comes back.
import { stopAtEnd } from "./test.ts";

// deno-lint-ignore no-explicit-any
type Body = any;

export interface FakeServer {
  url: string;
  /** What it makes of an answer; by default nothing. */
  change: (body: Body, sent: Body) => Body;
  /** Answers that it has forwarded, by path. */
  recorded: Map<string, Body>;
  stop(): Promise<void>;
}

export function startFakeServer(real: string): FakeServer {
  const recorded = new Map<string, Body>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const text = await request.text();
    const response = await fetch(real + pathname, {
      method: request.method,
      headers: request.headers,
      body: text === "" ? undefined : text,
    });
    if (!response.headers.get("content-type")?.startsWith("application/json")) return response;
    const body = await response.json();
    if (!recorded.has(pathname)) recorded.set(pathname, body);
    return Response.json(fake.change(body, text === "" ? null : JSON.parse(text)), {
      status: response.status,
    });
  });
  const fake: FakeServer = {
    url: `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`,
    change: (body) => body,
    recorded,
    stop: stopAtEnd(() => server.shutdown()),
  };
  return fake;
}
