// A real receiver of webhooks, written as its users would write theirs: with the `standardwebhooks` library.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { eventually } from "./test.ts";

export interface Received {
  id: string;
  at: number;
  headers: Record<string, string>;
  /** The payload as the library verified it; null when it did not. */
  // deno-lint-ignore no-explicit-any
  payload: any;
}

export interface Receiver {
  url: string;
  port: number;
  received: Received[];
  /** Requests whose signature did not hold. */
  refused: number;
  /** The secret requests are verified with. */
  secret: string | null;
  /** Settles once so many requests have arrived. */
  arrived(count: number, within?: number): Promise<Received[]>;
  stop(): Promise<void>;
}

/** How a receiver answers; ends the answer itself, or hangs. */
export type Answering = (response: ServerResponse, received: Received, number: number) => void;

export const answerWith = (status: number): Answering => (response) => void response.writeHead(status).end();

/**
 * Starts a receiver.
 *
 * @param answering what it says; 204 when not given
 */
export async function startReceiver(answering: Answering = answerWith(204), port = 0): Promise<Receiver> {
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
    answering(response, entry, receiver.received.length);
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
