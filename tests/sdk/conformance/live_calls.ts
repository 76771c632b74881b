// The live run, continued: license files, devices without a network, sessions, metered use, updates, and the keys of actions.
import { readFile } from "node:fs/promises";
import { lost } from "./between.ts";
import { type Client, perhapsLost, type Trial } from "./trial.ts";
import type { Vendor } from "./vendor.ts";

/** Calls that change nothing. */
const reading = new Set(["/api/license/verify", "/api/version/check"]);

export async function liveCalls(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  between.begin(between.honest);
  const meters = { exports: { limit: 4, period: "month", overage: 0 } } as never;
  const { key } = await vendor.license({ maxUsers: 2, meters });
  const path = await trial.path();
  const client = await trial.open({ file: path });
  await client.expect("activate", { license_key: key }, "valid");
  await files(trial, vendor, client, path, key);
  await seats(trial, client);
  await usage(trial, client);
  trial.step("an update");
  const { update } = await client.call("check_for_update");
  trial.equal("update", update, {
    available: true,
    latest_version: "2.2.0",
    download_url: "https://example.com/download/v2.2.0",
    release_notes: "Layers",
    is_mandatory: true,
  });
  trial.step("idempotency keys of all actions");
  const actions = between.requests.filter(({ method, path }) => method === "POST" && !reading.has(path));
  const keys = actions.map(({ headers }) => headers["idempotency-key"]);
  trial.equal("actions without one", actions.filter((_, index) => !keys[index]).map(({ path }) => path), []);
  trial.equal("different ones", new Set(keys).size, actions.length);
  const withoutApiKey = between.requests.filter(({ method, headers }) =>
    method === "POST" && !headers["x-api-key"]
  );
  trial.equal("calls without the API key", withoutApiKey.map(({ path }) => path), []);
}

/** Checked out, given back, and carried to a copy of the device and to another one. */
async function files(trial: Trial, vendor: Vendor, client: Client, path: string, key: string): Promise<void> {
  const fileOf = async () => JSON.parse(await readFile(path, "utf8")).file;
  const now = Date.now() / 1000;
  trial.step("a license file that is checked out");
  const { file_ends } = await client.expect("check_out", { ttl: 3600 }, "valid");
  trial.check("file_ends", Math.abs(file_ends - now - 3600) < 120, file_ends, `about ${now + 3600}`);
  const plain = await fileOf();
  trial.step("an encrypted license file");
  const { file: newer } = await client.expect("check_out", { encrypt: true }, "valid");
  const encrypted = await fileOf();
  const parts = String(encrypted).split("-----")[2]?.split(".").length;
  trial.equal("parts", parts, 5);
  vendor.between.goOn(lost);
  const isolated = await trial.open({ file: null, fingerprint: client.options.fingerprint }, trial.another());
  trial.step("a license file that is installed without a network");
  await isolated.expect(
    "install_file",
    { file: `Hello,\r\n\r\n${encrypted}\r\nBye`, license_key: key },
    "valid",
  );
  trial.step("a license file on another device");
  await isolated.restart({ fingerprint: "another" });
  await isolated.expect("install_file", { file: encrypted, license_key: key }, "wrong_machine");
  await isolated.expect("install_file", { file: plain, license_key: key }, "wrong_machine");
  trial.step("texts that are no license file");
  for (
    const text of [plain.slice(0, 99), "", "license", "A".repeat(100_000), "\0", plain.replace(/\w/, "_")]
  ) {
    await isolated.expect("install_file", { file: text, license_key: key }, "invalid");
  }
  await isolated.expect("status", {}, "not_activated");
  trial.step("an older file after a newer one");
  const older = await client.call("install_file", { file: plain });
  trial.check("state", ["valid", "invalid"].includes(older.status?.state), older, "a status");
  const { file } = await client.expect("status", {}, "valid");
  trial.equal("the file that is kept", file?.seq, newer?.seq);
  trial.step("a license file that is given back");
  vendor.between.goOn(vendor.between.honest);
  const returned = await client.expect("check_in", {}, "valid");
  trial.equal("file_ends", [returned.file_ends, returned.file], [null, null]);
}

async function seats(trial: Trial, client: Client): Promise<void> {
  trial.step("sessions");
  const { session } = await client.call("seats_start");
  trial.equal("session", [session?.active_sessions, session?.max_users], [1, 2]);
  trial.check("id", typeof session?.id === "string" && session.id.length > 0, session?.id, "a text");
  trial.check(
    "expires_at",
    session?.expires_at > Date.now(),
    session?.expires_at,
    "milliseconds in the future",
  );
  const again = (await client.call("seats_start")).session;
  trial.equal("the same session when it is started again", [again?.id, again?.active_sessions], [
    session?.id,
    1,
  ]);
  trial.equal("end", await client.call("seats_end"), { ok: true });
  trial.equal("end without a session", await client.call("seats_end"), { ok: true });
}

async function usage(trial: Trial, client: Client): Promise<void> {
  trial.step("metered use");
  const numbers = async (call: string, members: Record<string, unknown>) => {
    const answer = await client.call(call, members);
    const { used, reserved, limit, remaining } = answer.meter ?? { used: answer };
    return { numbers: [used, reserved, limit, remaining], meter: answer.meter ?? {} };
  };
  trial.equal("increment", (await numbers("usage_increment", { meter: "exports", amount: 1 })).numbers, [
    1,
    0,
    4,
    3,
  ]);
  const reserved = await numbers("usage_reserve", { meter: "exports", amount: 2, ttl: 60 });
  trial.equal("reserve", reserved.numbers, [1, 2, 4, 1]);
  const { reservation, expires_at } = reserved.meter;
  trial.check("expires_at", expires_at > Date.now(), expires_at, "milliseconds in the future");
  trial.equal("commit of less", (await numbers("usage_commit", { reservation, amount: 1 })).numbers, [
    2,
    0,
    4,
    2,
  ]);
  const error = await client.expectError(
    "usage_increment",
    { meter: "exports", amount: 3 },
    "USAGE_LIMIT_REACHED",
  );
  trial.check("details", Object.keys(error.details ?? {}).length > 0, error.details, "facts");
  const second = await numbers("usage_reserve", { meter: "exports", amount: 1, ttl: 60 });
  trial.equal(
    "release",
    (await numbers("usage_release", { reservation: second.meter.reservation })).numbers,
    [2, 0, 4, 2],
  );
  await client.expectError("usage_release", { reservation: "none" }, /./);
  await client.expectError("usage_increment", { meter: "none", amount: 1 }, /./);
}

/** A device that never has a network: a request, a file, and a removal code. */
export async function withoutAnyNetwork(trial: Trial, vendor: Vendor): Promise<void> {
  vendor.between.begin(lost);
  for (const encrypt of [false, true]) {
    const license = await vendor.license({ maxActivations: 1 });
    trial.step(encrypt ? "an encrypted license file for a request" : "a license file for a request");
    const client = await trial.open({
      file: await trial.path(`offline-${encrypt}/license.json`),
      device_name: "Cutter",
      components: { board: "b-71", disk: "d-82" },
    });
    const typed = license.key.toLowerCase();
    const { text } = await client.call("offline_request", { license_key: `${typed}\n`, encrypt });
    const file = await vendor.issue(String(text)).catch((error) => String(error));
    await client.expect("install_file", { file, license_key: typed }, "valid", perhapsLost);
    await client.restart();
    await client.expect("start", {}, "valid");
    trial.step("a removal code");
    const { code } = await client.call("deactivate_offline");
    trial.equal("the code, asked for again", (await client.call("deactivate_offline")).code, code);
    const isChanged = await vendor.remove(String(code)).catch((error) => String(error));
    trial.equal("the device is deactivated on the server", isChanged, true);
    await client.expect("status", {}, "not_activated", perhapsLost);
    await client.expect("install_file", { file, license_key: typed }, "not_activated", perhapsLost);
    await client.restart();
    await client.expect("start", {}, "not_activated");
    await client.expect("install_file", { file, license_key: typed }, "not_activated", perhapsLost);
    trial.step("the device again, with a new file");
    const again = await client.call("offline_request", { license_key: typed, encrypt });
    const next = await vendor.issue(String(again.text)).catch((error) => String(error));
    await client.expect("install_file", { file: next, license_key: typed }, "valid", perhapsLost);
    await client.call("stop");
  }
  trial.step("a removal code without a license");
  const empty = await trial.open({ file: null });
  await empty.expectError("deactivate_offline", {}, "NOT_ACTIVATED");
}
