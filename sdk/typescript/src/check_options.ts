// The options of an app, checked at once: a mistake in them would otherwise look like a license that is not valid.
import { LatchkeyError } from "./errors.ts";
import { readPublicKey } from "./jws.ts";
import type { LicenseOptions } from "./options.ts";

const durations = ["refreshInterval", "freshFor", "offlineGrace", "timeout"] as const;
const functions = ["transport", "random", "verifySignature"] as const;

/** The options as they are. @throws LatchkeyError `INVALID_OPTIONS` */
export function checkOptions(options: LicenseOptions): LicenseOptions {
  const given = (options ?? {}) as LicenseOptions;
  require(
    isAddress(given.url),
    "url is the address of the license server, such as https://licenses.example.com",
  );
  // What a header of HTTP cannot have would look like a network error.
  require(isText(given.apiKey) && /^[!-~]+$/.test(given.apiKey), "apiKey is an API key of the product");
  require(isText(given.product), "product is the code of the product");
  require(isText(given.version), "version is the version of the app, such as 2.1.0");
  require(
    given.released == null || isDay(given.released),
    "released is the day of the release, YYYY-MM-DD",
  );
  checkKeys(given.publicKeys);
  checkDevice(given.device);
  require(
    typeof given.storage?.read === "function" && typeof given.storage.write === "function",
    "storage has the functions read and write; fileStorage and browserStorage make one",
  );
  for (const name of durations) {
    const value = given[name];
    require(value === undefined || Number.isFinite(value) && value > 0, `${name} is a number of seconds`);
  }
  for (const [name, value] of Object.entries(given.retries ?? {})) {
    require(value === undefined || Number.isFinite(value) && value >= 0, `retries.${name} is a number`);
  }
  const { attempts = 1 } = given.retries ?? {};
  require(Number.isInteger(attempts) && attempts >= 1, "retries.attempts is at least 1");
  for (const name of functions) {
    require(given[name] === undefined || typeof given[name] === "function", `${name} is a function`);
  }
  const { clock } = given;
  require(
    clock === undefined || typeof clock?.now === "function" && typeof clock.after === "function",
    "clock has the functions now and after",
  );
  return given;
}

function checkKeys(keys: LicenseOptions["publicKeys"]): void {
  require(
    Array.isArray(keys) && keys.length > 0,
    "publicKeys are the keys of /.well-known/jwks/{product}.json, at least one",
  );
  for (const key of keys) {
    require(isText(key?.kid) && isText(key.x), "each of publicKeys has kid and x");
    require(readPublicKey(key) !== null, `the public key ${key.kid} is not one of Ed25519`);
  }
}

function checkDevice(device: LicenseOptions["device"]): void {
  require(
    isText(device?.fingerprint) && device.fingerprint.length <= 255,
    "device.fingerprint is a text of at most 255 characters; machineDevice and deviceOf make one",
  );
  const { components = {} } = device;
  require(
    typeof components === "object" && components !== null &&
      Object.values(components).every((value) => typeof value === "string"),
    "device.components are texts by name",
  );
}

function isAddress(url: unknown): boolean {
  try {
    const { protocol, search, hash, username } = new URL(url as string);
    return /^https?:$/.test(protocol) && search === "" && hash === "" && username === "";
  } catch {
    return false;
  }
}

function isDay(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function require(condition: boolean, message: string): void {
  if (!condition) throw new LatchkeyError({ code: "INVALID_OPTIONS", message: `${message}.` });
}
