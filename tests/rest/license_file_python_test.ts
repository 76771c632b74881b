// The format can be implemented from docs/offline.md: a verifier in Python, with `cryptography`, comes to the state of each file.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { addDays, dayOf } from "../../server/domain/calendar.ts";
import { getStatusList } from "../../server/domain/license_files/status_list.ts";
import { rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { wireStatusList } from "../../server/request/wire_files.ts";
import { DAY, fileOf, offlineProduct, unarmour } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { product, checkout, makeOffline } = await offlineProduct(server);
const other = await offlineProduct(server, "other-app");
const now = Math.floor(Date.now() / 1000);
const today = dayOf(new Date());

interface Case {
  file: string;
  expected: string;
  keys?: unknown[];
  lists?: string[];
  app?: Record<string, string>;
  device?: Record<string, unknown>;
  now?: number;
  trusted?: number;
  seen?: Record<string, number>;
}

const keysOf = async (code = product.code) => (await server.get(`/.well-known/jwks/${code}.json`)).body.keys;

const isInstalled = await new Deno.Command("python3", { args: ["-c", "import cryptography"], stderr: "null" })
  .output()
  .then(({ success }) => success, () => false);

/** Compares the states that the verifier finds with the expected ones; nothing where its library is not installed. */
async function compare(cases: Record<string, Case>): Promise<void> {
  if (!isInstalled) return;
  const keys = await keysOf();
  const given = Object.values(cases).map(({ expected: _, app, device, ...more }) => ({
    keys,
    now,
    ...more,
    app: { product: product.code, version: "2.1.0", released: today, ...app },
    device: { fingerprint: "machine-1", license_key: "", ...device },
  }));
  const python = new Deno.Command("python3", {
    args: [fileURLToPath(new URL("../support/verify_license_file.py", import.meta.url))],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = python.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(given)));
  await writer.close();
  const { stdout, stderr } = await python.output();
  const states = JSON.parse(
    new TextDecoder().decode(stdout) || `"${new TextDecoder().decode(stderr).slice(-300)}"`,
  );
  assert.deepEqual(
    Object.fromEntries(Object.keys(cases).map((name, index) => [name, states[index]])),
    Object.fromEntries(Object.entries(cases).map(([name, { expected }]) => [name, expected])),
  );
}

const later = (days: number) => now + days * DAY;

/** A file with a part of its JWS replaced. */
function edited(file: string, part: number, change: (value: Record<string, unknown>) => unknown): string {
  const parts = unarmour(file).split(".");
  const value = JSON.parse(Buffer.from(parts[part], "base64url").toString());
  parts[part] = Buffer.from(JSON.stringify({ ...value, ...change(value) as object })).toString("base64url");
  return `-----BEGIN LATCHKEY LICENSE-----\n${parts.join(".")}\n-----END LATCHKEY LICENSE-----\n`;
}

test("a machine without a network runs for 29 days, shows grace, then stops", async () => {
  const { machine } = await makeOffline({
    validFrom: "2020-01-01",
    validUntil: addDays(today, 20),
    graceDays: 8,
  });
  const file = fileOf(await checkout(machine));
  await compare({
    "at once": { file, expected: "valid" },
    "on its last day": { file, now: later(20), expected: "valid" },
    "in grace": { file, now: later(21), expected: "grace" },
    "on the last day of grace": { file, now: later(28), expected: "grace" },
    "after it": { file, now: later(29), expected: "expired" },
    "when the file has ended": { file, now: later(31), expected: "expired" },
    "with the clock set back": { file, now: later(-1), expected: "clock_tampered" },
    "with the clock behind what the app has seen": {
      file,
      now,
      trusted: later(2),
      expected: "clock_tampered",
    },
  });
});

test("edited, foreign, copied, old and broken files have their states", async () => {
  const { license, machine } = await makeOffline({ versions: ">=2.0.0 <3.0.0" });
  const file = fileOf(await checkout(machine));
  const encrypted = fileOf(await checkout({ ...machine, encrypt: true }));
  const secret = { license_key: license.key };
  const [, payload] = unarmour(file).split(".");
  const { activation, seq } = JSON.parse(Buffer.from(payload, "base64url").toString());
  const claims = Object.fromEntries(
    ["exp", "license", "entitlements", "license_ends", "machine", "seq", "product"].map((name) => [
      `with ${name} edited`,
      { file: edited(file, 1, () => ({ [name]: 4_000_000_000 })), expected: "invalid" },
    ]),
  );
  const headers = Object.fromEntries(
    [["alg", "none"], ["alg", "HS256"], ["kid", "x"], ["typ", "license-validation+jwt"]].map((
      [name, value],
    ) => [
      `with ${name} ${value}`,
      { file: edited(file, 0, () => ({ [name]: value })), expected: "invalid" },
    ]),
  );
  await compare({
    "as it is": { file, expected: "valid" },
    "as it survives e-mail": {
      file: `Hello,\r\n\r\n${file.replaceAll("\n", "  \r\n")}\r\nBye`,
      expected: "valid",
    },
    ...claims,
    ...headers,
    "of another product's app": { file, app: { product: "other-app" }, expected: "invalid" },
    "with another product's keys": { file, keys: await keysOf(other.product.code), expected: "invalid" },
    "on another machine": { file, device: { fingerprint: "machine-2" }, expected: "wrong_machine" },
    "encrypted": { file: encrypted, device: secret, expected: "valid" },
    "encrypted, on another machine": {
      file: encrypted,
      device: { ...secret, fingerprint: "machine-2" },
      expected: "wrong_machine",
    },
    "older than one that was seen": { file, seen: { [activation]: seq + 1 }, expected: "invalid" },
    "with another version": { file, app: { version: "3.0.0" }, expected: "version_not_entitled" },
    "cut off": { file: file.slice(0, 200), expected: "invalid" },
    "without its signature": {
      file: file.replace(/\.[\w\n-]*\n-----END/, ".\n-----END"),
      expected: "invalid",
    },
    "of 10 MB": { file: file + "x".repeat(10_000_000), expected: "invalid" },
    "empty": { file: "", expected: "invalid" },
  });
});

test("components, perpetual fallback, rotation and revocation", async () => {
  const components = { board: "b-1", disk: "d-1", mac: "m-1" };
  const matched = await makeOffline({ machineMatching: "two" }, components);
  const byParts = fileOf(await checkout({ ...matched.machine, components }));
  const fallback = await makeOffline({
    validFrom: "2020-01-01",
    validUntil: addDays(today, 5),
    afterExpiry: "entitled_versions",
  });
  const kept = fileOf(await checkout(fallback.machine));
  const { license, machine } = await makeOffline();
  const file = fileOf(await checkout(machine));
  const uri = JSON.parse(Buffer.from(unarmour(file).split(".")[1], "base64url").toString()).status.uri;
  await rotateSigningKey(ctx, { productId: product.id });
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  const { jws } = await getStatusList(
    await server.ctx(new Date(Date.now() + 60_000)),
    { list: uri.slice(uri.lastIndexOf("/") + 1), url: uri },
    wireStatusList,
  );
  const foreign = fileOf(await other.checkout((await other.makeOffline()).machine));
  const theirs = JSON.parse(Buffer.from(unarmour(foreign).split(".")[1], "base64url").toString()).status.uri;
  const foreignList = await (await fetch(server.url + new URL(theirs).pathname)).text();
  const replaced = (more: object) => ({ fingerprint: "new", components: { ...components, ...more } });
  await compare({
    "one part changed": { file: byParts, device: replaced({ disk: "x" }), expected: "valid" },
    "two parts changed": {
      file: byParts,
      device: replaced({ disk: "x", mac: "y" }),
      expected: "wrong_machine",
    },
    "after its end, a version of its time": { file: kept, now: later(9), expected: "valid" },
    "after its end, a later version": {
      file: kept,
      now: later(9),
      app: { released: addDays(today, 6) },
      expected: "version_not_entitled",
    },
    "without a list": { file, expected: "valid" },
    "with the list": { file, lists: [jws], expected: "revoked" },
    "with the list of another issuer": { file, lists: [foreignList], expected: "valid" },
    "with a list older than one that was seen": {
      file,
      lists: [jws],
      seen: { [uri]: later(1) },
      expected: "valid",
    },
    "with a list that has ended": { file, lists: [jws], now: later(16), expected: "valid" },
  });
});

test("the server stops", () => server.stop());
