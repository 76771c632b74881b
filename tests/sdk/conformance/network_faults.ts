// Faults of the network: away at the start or for days, slow answers, and an app that stops while it waits.
import { eventually } from "../../support/test.ts";
import { type Handler, lost } from "./between.ts";
import type { Client, Trial } from "./trial.ts";
import type { Vendor } from "./vendor.ts";

const DAY = 86_400;
/** What ends at once may take so many milliseconds on a busy machine; what waits for the time limit takes longer. */
const PROMPT = 8000;

const hangs: Handler = () => {};

/** Calls, and notes when it took too long. */
async function prompt<T>(trial: Trial, what: string, call: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const answer = await call();
  const took = Math.round(performance.now() - began);
  trial.check(what, took < PROMPT, `${took} ms`, `an answer within ${PROMPT} ms`);
  return answer;
}

export async function withoutNetwork(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  const { key } = await vendor.license();
  trial.step("no server at the first start");
  const nowhere = await trial.open({ url: "http://127.0.0.1:9" });
  await nowhere.expect("start", {}, "not_activated");
  await nowhere.expect("refresh", {}, "not_activated");
  const { status } = await nowhere.expectError("activate", { license_key: key }, "NETWORK_ERROR");
  trial.equal("status of the error", status, 0);
  await nowhere.expectError("deactivate", {}, "NOT_ACTIVATED");
  await nowhere.call("stop");

  trial.step("no network at a later start");
  between.begin(between.honest);
  const client = await trial.open({ file: await trial.path("later/license.json") });
  await client.expect("activate", { license_key: key }, "valid");
  between.begin(lost);
  await client.restart();
  await prompt(trial, "start", () => client.expect("start", {}, "valid"));
  await client.expect("refresh", {}, "valid", "NETWORK_ERROR");
  await client.expectError("check_out", {}, "NETWORK_ERROR");
  await client.expectError("check_for_update", {}, "NETWORK_ERROR");
  await client.expectError("seats_start", {}, "NETWORK_ERROR");
  await client.expectError("usage_increment", { meter: "exports", amount: 1 }, "NETWORK_ERROR");
  await client.expectError("deactivate", {}, "NETWORK_ERROR");
  await client.expect("status", {}, "valid", "NETWORK_ERROR");
  await client.call("stop");

  trial.step("days without a network, with a license file");
  await client.restart();
  for (const [day, state] of [[29, "valid"], [31, "expired"], [0, "valid"]] as const) {
    await client.call("clock", { offset: day * DAY });
    await client.expect("refresh", {}, state, "NETWORK_ERROR");
  }

  trial.step("days without a network, without a license file");
  between.begin(between.honest);
  const plain = await trial.open({ file: await trial.path("plain/license.json") });
  const online = await vendor.license({ offlineDays: undefined });
  await plain.expect("activate", { license_key: online.key }, "valid");
  between.begin(lost);
  const days = [[0.9, "valid"], [1.1, "offline_grace"], [2.9, "offline_grace"], [3.1, "expired"]] as const;
  for (const [day, state] of days) {
    await plain.call("clock", { offset: day * DAY });
    await plain.expect("status", {}, state);
  }
  between.begin(between.honest);
  await plain.call("clock", { offset: 0 });
  await plain.expect("refresh", {}, "valid");
}

export async function slowAnswers(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  between.begin(between.honest);
  const { key } = await vendor.license();
  const client = await trial.open();
  await client.expect("activate", { license_key: key }, "valid");
  await client.restart({ timeout: 0.3 });
  const slow: Record<string, Handler> = {
    "no answer": hangs,
    "headers, and then nothing": (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.flushHeaders();
    },
    "an answer byte by byte": (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(timer));
    },
  };
  for (const [name, handler] of Object.entries(slow)) {
    trial.step(name);
    between.begin(handler);
    await prompt(trial, "refresh", () => client.expect("refresh", {}, "valid", "NETWORK_ERROR"));
    await prompt(trial, "check_out", () => client.expectError("check_out", {}, "NETWORK_ERROR"));
  }
  trial.step("several refreshes at once");
  between.begin((sent, response) => void setTimeout(() => between.honest(sent, response), 400));
  await client.restart({ timeout: 10 });
  const answers = await client.parallel(Array.from({ length: 5 }, () => ({ call: "refresh" })));
  trial.equal("states", answers.map(({ status }) => status?.state), Array(5).fill("valid"));
  trial.equal("requests", between.requests.map(({ path }) => path), ["/api/license/verify"]);
}

/** A background refresh that is waiting, at the time limit of 30 s. */
async function waitingClient(trial: Trial, vendor: Vendor, key: string, handler: Handler): Promise<Client> {
  const { between } = vendor;
  between.begin(between.honest);
  // In a process of its own, which has to end although something waits.
  const client = await trial.open({ timeout: 30, attempts: 5 }, trial.another());
  await client.expect("activate", { license_key: key }, "valid");
  // The first refresh comes after a random time, which is short when the random bytes are low.
  await client.restart({ random: "ones" });
  between.begin(handler);
  await prompt(trial, "start", () => client.expect("start", {}, "valid"));
  const began = performance.now();
  await eventually(() => Promise.resolve(between.requests.length > 0), 20_000).catch(() => {});
  const took = Math.round(performance.now() - began);
  trial.check("the first refresh after the start", took < PROMPT, `${took} ms`, "within 5 s");
  return client;
}

export async function stopping(trial: Trial, vendor: Vendor): Promise<void> {
  const { key } = await vendor.license({ maxActivations: 9 });
  const busy: Handler = (_, response) => response.writeHead(503, { "retry-after": "30" }).end("{}");
  const waits = { "while an answer is waited for": hangs, "while a retry is waited for": busy };
  for (const [name, handler] of Object.entries(waits)) await stopOnce(trial, vendor, name, handler, key);
}

async function stopOnce(trial: Trial, vendor: Vendor, name: string, handler: Handler, key: string) {
  trial.step(`stop ${name}`);
  const client = await waitingClient(trial, vendor, key, handler);
  await prompt(trial, "status", () => client.call("status"));
  const calls = [{ call: "refresh" }, { call: "check_out" }, { call: "stop" }];
  const [refreshed, checkedOut] = await prompt(trial, "waiting calls", () => client.parallel(calls));
  trial.equal("state", refreshed.status?.state, "valid");
  trial.check("error of refresh", !!refreshed.status?.error, refreshed.status?.error, "an error");
  trial.check("check_out", !!checkedOut.error, checkedOut, "an error");
  await client.expect("status", {}, "valid", /./);
  const count = vendor.between.requests.length;
  await client.expect("status", {}, "valid", /./);
  trial.equal("requests after the stop", vendor.between.requests.length, count);
}
