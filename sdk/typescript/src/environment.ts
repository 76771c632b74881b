// What the library uses of its surroundings, each of which an app can replace: network, time, chance.
import { type Bytes } from "./encoding.ts";

/** Sends a request; rejects when the server was not reached. `fetch` is one. */
export type Transport = (url: string, request: TransportRequest) => Promise<TransportResponse>;

export interface TransportRequest {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** Ends the request when it takes too long. */
  signal?: AbortSignal;
}

/** The part of a response that is used; that of `fetch` has it. */
export interface TransportResponse {
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** Time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls after milliseconds. @returns a function that cancels it */
  after(delay: number, call: () => void): () => void;
}

/** Random bytes, for nonces, idempotency keys and delays. */
export type RandomBytes = (length: number) => Bytes;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delay, call) {
    // A longer delay than 2^31 ms would end at once.
    const timer = setTimeout(call, Math.min(delay, 2_147_483_647));
    // In Node and Deno an app may end while the timer runs.
    const { unref } = timer as { unref?: () => void };
    if (typeof unref === "function") unref.call(timer);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A random number from 0 to 1. */
export function fractionOf(random: RandomBytes): number {
  const [high, low] = random(2);
  return (high * 256 + low) / 65_535;
}
