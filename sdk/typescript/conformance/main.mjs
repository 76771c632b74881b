// The conformance program of this library, for Deno and Node: reads calls, one JSON object a line, and writes what came of each.
// tests/sdk/conformance has the driver, which plays the same calls to the libraries of all languages.
import { createInterface } from "node:readline";
import process from "node:process";
import { LatchkeyError, LicenseClient, memoryStorage } from "@latchkey/client";
import { fileStorage } from "@latchkey/client/node";
import { errorForm, statusForm, updateForm } from "./forms.mjs";

/** The client of the last `open`, and the states that its listener heard since the last `changes`. */
let client = null;
let states = [];
/** Seconds that the clock is ahead, or the time at which it stands. */
let time = { offset: 0 };

const clock = {
  now: () => time.now === undefined ? Date.now() + time.offset * 1000 : time.now * 1000,
  after(delay, call) {
    const timer = setTimeout(call, Math.min(delay, 2_147_483_647));
    return () => clearTimeout(timer);
  },
};

const calls = {
  open(given) {
    client?.stop();
    client = null;
    states = [];
    time = typeof given.now === "number" ? { now: given.now } : { offset: 0 };
    try {
      client = new LicenseClient(optionsOf(given));
    } catch (error) {
      return { error: { ...errorForm(error), code: "INVALID_OPTIONS" } };
    }
    client.onChange(({ state }) => states.push(state));
    return { ok: true };
  },
  clock({ now, offset }) {
    time = now === undefined ? { offset } : { now };
    return { ok: true };
  },
  changes() {
    const heard = states;
    states = [];
    return { states: heard };
  },
  stop() {
    client.stop();
    return { ok: true };
  },
  start: async () => statusForm(await client.start()),
  status: async () => statusForm(await client.status()),
  refresh: async () => statusForm(await client.refresh()),
  activate: async ({ license_key }) => statusForm(await client.activate(license_key)),
  deactivate: async () => statusForm(await client.deactivate()),
  deactivate_offline: async () => ({ code: await client.deactivateOffline() }),
  check_out: async ({ ttl, encrypt }) => statusForm(await client.checkOut({ ttl, encrypt })),
  check_in: async () => statusForm(await client.checkIn()),
  install_file: async ({ file, license_key }) => statusForm(await client.installFile(file, license_key)),
  install_status_list: async ({ list }) => statusForm(await client.installStatusList(list)),
  offline_request: async ({ license_key, encrypt }) => ({
    text: await client.offlineRequest(license_key, { encrypt }),
  }),
  check_for_update: async () => ({ update: updateForm(await client.checkForUpdate()) }),
  async seats_start() {
    const { id, expiresAt, activeSessions, maxUsers } = await client.seats.start();
    return { session: { id, expires_at: expiresAt, active_sessions: activeSessions, max_users: maxUsers } };
  },
  async seats_end() {
    await client.seats.end();
    return { ok: true };
  },
  usage_increment: async ({ meter, amount }) => meterForm(await client.usage.increment(meter, amount)),
  usage_reserve: async ({ meter, amount, ttl }) => meterForm(await client.usage.reserve(meter, amount, ttl)),
  usage_commit: async ({ reservation, amount }) => meterForm(await client.usage.commit(reservation, amount)),
  usage_release: async ({ reservation }) => meterForm(await client.usage.release(reservation)),
  parallel: async ({ calls }) => ({ results: await Promise.all(calls.map(answer)) }),
};

/** Only members that are given: the library's defaults are tried as well. */
function optionsOf(given) {
  const options = {
    url: given.url,
    apiKey: given.api_key,
    product: given.product,
    version: given.version,
    released: given.released,
    publicKeys: given.public_keys,
    device: { fingerprint: given.fingerprint, components: given.components },
    deviceName: given.device_name,
    storage: given.file === null ? memoryStorage() : fileStorage(given.file),
    refreshInterval: given.refresh_interval,
    freshFor: given.fresh_for,
    offlineGrace: given.offline_grace,
    timeout: given.timeout,
    random: given.random === "ones" ? (length) => new Uint8Array(length).fill(1) : undefined,
    clock,
  };
  const retries = { attempts: given.attempts, firstDelay: given.first_delay };
  return { ...withoutUndefined(options), retries: withoutUndefined(retries) };
}

function withoutUndefined(members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function meterForm({ id, used, reserved, limit, remaining, reservation, expiresAt }) {
  return { meter: { id, used, reserved, limit, remaining, reservation, expires_at: expiresAt } };
}

/** What came of a call; an error that is not the library's own shows its stack. */
async function answer(call) {
  try {
    return await calls[call.call](call);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) console.error(error);
    return { error: errorForm(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "") continue;
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
client?.stop();
