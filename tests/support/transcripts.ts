// Plays a transcript of the vectors to the TypeScript library: each step with the requests that it makes and the state after it.
import assert from "node:assert/strict";
import type { Transport } from "../../sdk/typescript/src/environment.ts";
import { LatchkeyError } from "../../sdk/typescript/src/errors.ts";
import { LicenseClient, type LicenseStatus } from "../../sdk/typescript/src/license_client.ts";
import { memoryStorage } from "../../sdk/typescript/src/storage.ts";
import { TestClock } from "./sdk_client.ts";
import type { Vector } from "./vectors.ts";

/** @throws AssertionError for the first step that is another */
export async function playTranscript(given: Vector["given"]): Promise<void> {
  const clock = new TestClock();
  let at = 0;
  clock.now = () => at * 1000;
  // deno-lint-ignore no-explicit-any
  let exchanges: any[] = [];
  const transport: Transport = (url, { body }) => {
    const { path, sends = {}, status, body: answer } = exchanges.shift() ?? { path: "no request" };
    assert.equal(new URL(url).pathname, path);
    const sent = JSON.parse(body ?? "{}");
    assert.deepEqual(Object.fromEntries(Object.keys(sends).map((name) => [name, sent[name]])), sends);
    if (status === 0) return Promise.reject(new TypeError("The network is unreachable."));
    return Promise.resolve(Response.json(answer, { status }));
  };
  const options = {
    ...given.app,
    url: "https://licenses.example.com",
    apiKey: "key",
    publicKeys: given.keys,
    device: given.device,
    storage: memoryStorage(),
    freshFor: given.fresh_for,
    offlineGrace: given.offline_grace,
    retries: { attempts: 1 },
    transport,
    clock,
    random: (length: number) => new Uint8Array(length).fill(1),
  };
  let client = new LicenseClient(options);
  const actions: Record<string, (text: string) => Promise<LicenseStatus>> = {
    status: () => client.status(),
    activate: (key) => client.activate(key),
    refresh: () => client.refresh(),
    deactivate: () => client.deactivate(),
    check_out: () => client.checkOut(),
    check_in: () => client.checkIn(),
    install_file: (text) => client.installFile(text),
    install_status_list: (text) => client.installStatusList(text),
    restart: () => (client = new LicenseClient(options)).status(),
  };
  for (const [index, step] of given.steps.entries()) {
    at = step.at;
    exchanges = [...step.exchanges];
    let error: LatchkeyError | null = null;
    let status: LicenseStatus;
    try {
      status = await actions[step.do](step.with);
      if (step.exchanges.length > 0) error = status.error;
    } catch (thrown) {
      if (!(thrown instanceof LatchkeyError)) throw thrown;
      error = thrown;
      status = await client.status();
    }
    const found = { state: status.state, ...error ? { error: error.code } : {} };
    assert.deepEqual(found, step.expect, `step ${index + 1}, ${step.do}: ${status.reason}`);
    assert.equal(exchanges.length, 0, `step ${index + 1} makes fewer requests`);
  }
}
