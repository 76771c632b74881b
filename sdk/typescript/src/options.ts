// What an app tells the library, and the defaults.
import type { Device } from "./device.ts";
import { type Clock, type RandomBytes, systemClock, systemRandom, type Transport } from "./environment.ts";
import { fetchTransport } from "./fetch_transport.ts";
import type { PublicKey, VerifySignature } from "./jws.ts";
import type { App } from "./license_file.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Storage } from "./storage.ts";

export interface LicenseOptions extends App {
  /** Address of the license server. */
  url: string;
  apiKey: string;
  /** The keys of `/.well-known/jwks/{product}.json`, compiled into the app. Never read them from a file or the network. */
  publicKeys: readonly PublicKey[];
  /** The device, as `machineDevice` finds it or the app itself. */
  device: Device;
  /** Where it is kept; `fileStorage` or `browserStorage`. */
  storage: Storage;
  /** The device's name that the customer sees. */
  deviceName?: string;
  /** Seconds between refreshes; one hour. */
  refreshInterval?: number;
  /** How long a validation counts as fresh; seconds, one day. */
  freshFor?: number;
  /** How long a license without a license file may be used while the server is not reached; seconds, three days. */
  offlineGrace?: number;
  /** Seconds until a request is ended; 20. */
  timeout?: number;
  retries?: Partial<RetryPolicy>;
  /** For proxies and tests; `fetch`. */
  transport?: Transport;
  clock?: Clock;
  random?: RandomBytes;
  /** For browsers without Ed25519 in Web Crypto. */
  verifySignature?: VerifySignature;
}

export function withDefaults(options: LicenseOptions) {
  return {
    refreshInterval: 3600,
    freshFor: 86_400,
    offlineGrace: 3 * 86_400,
    timeout: 20,
    clock: systemClock,
    random: systemRandom,
    transport: fetchTransport,
    ...definedOf(options),
  };
}

export type CompleteOptions = ReturnType<typeof withDefaults>;

/** Options that are undefined are those that are left out. */
function definedOf(options: LicenseOptions): LicenseOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
