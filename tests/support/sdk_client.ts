// What tests put around a client library: a clock that they set, and a network that they can disturb.
import type { Clock, Transport, TransportRequest } from "../../sdk/typescript/src/environment.ts";
import { LicenseClient } from "../../sdk/typescript/src/license_client.ts";
import type { LicenseOptions } from "../../sdk/typescript/src/options.ts";
import { memoryStorage } from "../../sdk/typescript/src/storage.ts";

/** A clock that is ahead of the real one, or behind it; timers run when the test says so. */
export class TestClock implements Clock {
  /** Seconds. */
  offset = 0;
  /** What is waited for, with its delay in milliseconds. */
  timers: { delay: number; call: () => void }[] = [];

  now(): number {
    return Date.now() + this.offset * 1000;
  }

  after(delay: number, call: () => void): () => void {
    const timer = { delay, call };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((one) => one !== timer));
  }

  /** Runs the timer with the shortest delay, and returns it. */
  run(): number {
    const next = this.timers.toSorted((a, b) => a.delay - b.delay)[0];
    this.timers = this.timers.filter((one) => one !== next);
    this.offset += next.delay / 1000;
    next.call();
    return next.delay;
  }
}

type Disturbance = (url: string, request: TransportRequest) => Promise<Response> | Response;

/** A network between client and server. */
export class TestNetwork {
  requests: { url: string; request: TransportRequest }[] = [];
  /** What happens instead of a request; null: it reaches the server. */
  disturbance: Disturbance | null = null;

  readonly transport: Transport = async (url, request) => {
    this.requests.push({ url, request });
    return await (this.disturbance ?? fetch)(url, request);
  };
}

export const lost: Disturbance = () => Promise.reject(new TypeError("The network is unreachable."));

/** A client with a clock and a network of its own. */
export function testClient(
  options: Partial<LicenseOptions> & Pick<LicenseOptions, "url" | "apiKey" | "publicKeys">,
) {
  const clock = new TestClock();
  const network = new TestNetwork();
  const storage = options.storage ?? memoryStorage();
  const client = new LicenseClient({
    product: "offline-app",
    version: "2.1.0",
    released: "2026-01-15",
    device: { fingerprint: "machine-1" },
    deviceName: "Workstation",
    retries: { attempts: 1 },
    clock,
    transport: network.transport,
    ...options,
    storage,
  });
  return { client, clock, network, storage };
}
