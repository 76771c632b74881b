// The HTTP client of webhooks. A name is resolved for every attempt, each of its addresses is checked, and the connection
// goes to exactly the address that was checked. Redirects are not followed, and no more is read than is recorded.
import { Buffer } from "node:buffer";
import { lookup } from "node:dns/promises";
import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { addressIn, type AllowedNetworks, isAllowed } from "../server/domain/webhooks/address.ts";
import type { DeliveryResult } from "../server/domain/webhooks/deliver.ts";

export interface WebhookRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface WebhookClient {
  /** Sends a request and returns its result; never rejects. */
  post(request: WebhookRequest): Promise<DeliveryResult>;
  close(): void;
}

/** How long an endpoint may take to answer; milliseconds. */
const TIMEOUT = 10_000;
/** How much of an answer is recorded; bytes. */
const MAX_ANSWER = 4096;

/** Why there is no answer, as a readable sentence. */
class UnreachableError extends Error {}

/**
 * Creates the client.
 *
 * @param allowed networks that may be reached although they are not public
 * @param timeout milliseconds an endpoint may take
 * @param resolve returns every address of a name
 */
export function createWebhookClient(
  allowed: AllowedNetworks,
  timeout = TIMEOUT,
  resolve: (name: string) => Promise<string[]> = resolveName,
): WebhookClient {
  // Connections are pooled by address, so one that is reused leads to an address that was checked as well.
  const agents = {
    "http:": new HttpAgent({ keepAlive: true, maxFreeSockets: 32 }),
    "https:": new HttpsAgent({ keepAlive: true, maxFreeSockets: 32 }),
  };

  async function addressesOf(url: URL): Promise<string[]> {
    const literal = addressIn(url);
    const found = literal ? [literal] : await resolve(url.hostname).catch(() => []);
    if (found.length === 0) throw new UnreachableError("The name of the endpoint cannot be resolved");
    // One private address among public ones suggests an attack.
    if (!found.every((address) => isAllowed(address, allowed))) {
      throw new UnreachableError("The endpoint has a private address, which is not allowed");
    }
    return found.sort((a, b) => Number(a.includes(":")) - Number(b.includes(":"))).slice(0, 3);
  }

  function send(
    outgoing: WebhookRequest,
    url: URL,
    address: string,
    signal: AbortSignal,
  ): Promise<DeliveryResult> {
    return new Promise((resolve, reject) => {
      const request: ClientRequest = (url.protocol === "https:" ? httpsRequest : httpRequest)({
        agent: agents[url.protocol as keyof typeof agents],
        host: address,
        port: url.port || (url.protocol === "https:" ? 443 : 80),
        servername: addressIn(url) ? undefined : url.hostname,
        path: url.pathname + url.search,
        method: "POST",
        headers: {
          ...outgoing.headers,
          host: url.host,
          "content-length": Buffer.byteLength(outgoing.body),
        },
        signal,
      }, (response) => {
        const retryAfter = response.headers["retry-after"];
        readSome(response, signal).then((answer) =>
          resolve({ status: response.statusCode!, answer, ...(retryAfter ? { retryAfter } : {}) })
        );
      });
      request.on("error", (error) => reject(Object.assign(error, { reused: request.reusedSocket })));
      request.end(outgoing.body);
    });
  }

  async function tryOnce(outgoing: WebhookRequest, signal: AbortSignal): Promise<DeliveryResult> {
    const url = new URL(outgoing.url);
    const addresses = await addressesOf(url);
    for (const [number, address] of addresses.entries()) {
      try {
        return await send(outgoing, url, address, signal).catch((error) => {
          // The endpoint closed a pooled connection at the moment it was reused; a new connection may succeed.
          if (error.reused && !signal.aborted) return send(outgoing, url, address, signal);
          throw error;
        });
      } catch (error) {
        if (signal.aborted || number === addresses.length - 1) throw error;
      }
    }
    throw new UnreachableError("The endpoint has no address");
  }

  return {
    async post(outgoing) {
      const aborter = new AbortController();
      const timer = setTimeout(() => aborter.abort(), timeout);
      try {
        return await Promise.race([tryOnce(outgoing, aborter.signal), rejectWhen(aborter.signal)]);
      } catch (error) {
        if (aborter.signal.aborted) return { error: `No response within ${timeout / 1000} seconds` };
        return { error: error instanceof UnreachableError ? error.message : describe(error) };
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

async function resolveName(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

function rejectWhen(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new UnreachableError("Too late")), { once: true });
  });
}

/** Reads the beginning of an answer. The connection is closed after that, or when the body arrives too slowly. */
function readSome(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = () => resolve(new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MAX_ANSWER)));
    response.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MAX_ANSWER) {
        finish();
        response.destroy();
      }
    });
    response.on("end", finish);
    response.on("close", finish);
    response.on("error", finish);
    signal.addEventListener("abort", finish, { once: true });
  });
}

function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ECONNREFUSED":
      return "The endpoint refuses connections";
    case "ECONNRESET":
      return "The endpoint closed the connection";
    default:
      return `The endpoint cannot be reached: ${error instanceof Error ? error.message : error}`.slice(
        0,
        300,
      );
  }
}
