// A real webhook receiver on a free port that verifies signatures with the `standardwebhooks` library.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { eventually } from "./test.ts";

export interface Received {
  id: string;
  at: number;
  headers: Record<string, string>;
  /** The verified payload; null when the signature is invalid. */
  // deno-lint-ignore no-explicit-any
  payload: any;
}

export interface Receiver {
  url: string;
  port: number;
  received: Received[];
  /** Number of requests with an invalid signature. */
  refused: number;
  /** The secret that requests are verified with; null disables verification. */
  secret: string | null;
  /** Resolves once this many requests have arrived. */
  arrived(count: number, within?: number): Promise<Received[]>;
  stop(): Promise<void>;
}

/** Writes the response to one request. A handler that does not end it simulates a hanging receiver. */
export type ResponseHandler = (response: ServerResponse, received: Received, number: number) => void;

export const answerWith = (status: number): ResponseHandler => (response) =>
  void response.writeHead(status).end();

/**
 * Starts a receiver.
 *
 * @param respond answers 204 by default
 */
export async function startReceiver(respond: ResponseHandler = answerWith(204), port = 0): Promise<Receiver> {
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const headers = request.headers as Record<string, string>;
    const entry: Received = { id: headers["webhook-id"], at: performance.now(), headers, payload: null };
    try {
      entry.payload = receiver.secret ? new Webhook(receiver.secret).verify(body, headers) : JSON.parse(body);
    } catch {
      receiver.refused++;
    }
    receiver.received.push(entry);
    respond(response, entry, receiver.received.length);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${address.port}/hooks`,
    port: address.port,
    received: [],
    refused: 0,
    secret: null,
    arrived: (count, within) =>
      eventually(() => Promise.resolve(receiver.received.length >= count && receiver.received), within),
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}
