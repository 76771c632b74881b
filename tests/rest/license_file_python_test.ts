// The format can be implemented from docs/offline.md: a verifier in Python, with `cryptography`, comes to the state of each file.
import { Buffer } from "node:buffer";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { addDays, dayOf } from "../../server/domain/calendar.ts";
import { getStatusList } from "../../server/domain/license_files/status_list.ts";
import { rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { wireStatusList } from "../../server/request/wire_files.ts";
import { DAY, fileOf, offlineProduct, unarmour } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { Cases } from "../support/verifier/agree.ts";
import type { Expected } from "../support/verifier/app.ts";
import type { Key } from "../support/verifier/signed.ts";
import type { Kept } from "../support/verifier/verifier.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { product, checkout, makeOffline } = await offlineProduct(server);
const other = await offlineProduct(server, "other-app");
const now = Math.floor(Date.now() / 1000);
const today = dayOf(new Date());

interface Case {
  file: string;
  expected: Expected;
  keys?: Key[];
  lists?: string[];
  app?: Record<string, string>;
  device?: Record<string, unknown>;
  now?: number;
  kept?: Partial<Kept>;
}

const keysOf = async (code = product.code) => (await server.get(`/.well-known/jwks/${code}.json`)).body.keys;

const cases = new Cases();

/** Compares the states that both verifiers find with the expected ones. */
async function compare(given: Record<string, Case>): Promise<void> {
  const keys = await keysOf();
  for (const [name, { expected, app, device, ...more }] of Object.entries(given)) {
    await cases.expect(name, {
      keys,
      now,
      ...more,
      app: { product: product.code, version: "2.1.0", released: today, ...app },
      device: { fingerprint: "machine-1", license_key: "", ...device },
      kept: { trusted: 0, seq: {}, lists: {}, ...more.kept },
    }, expected);
  }
  await cases.compareWithPython();
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
    "at once": { file, expected: ["valid"] },
    "on its last day": { file, now: later(20), expected: ["valid"] },
    "in grace": { file, now: later(21), expected: ["grace"] },
    "on the last day of grace": { file, now: later(28), expected: ["grace"] },
    "after it": { file, now: later(29), expected: ["expired", "license_ended"] },
    "when the file has ended": { file, now: later(31), expected: ["expired", "file_ended"] },
    "with the clock set back": { file, now: later(-1), expected: ["clock_tampered", "clock_set_back"] },
    "with the clock behind what the app has seen": {
      file,
      now,
      kept: { trusted: later(2) },
      expected: ["clock_tampered", "clock_set_back"],
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
      { file: edited(file, 1, () => ({ [name]: 4_000_000_000 })), expected: ["invalid", "wrong_signature"] },
    ]),
  );
  const headers = Object.fromEntries(
    [
      ["alg", "none", "wrong_algorithm"],
      ["alg", "HS256", "wrong_algorithm"],
      ["kid", "x", "unknown_key"],
      ["typ", "license-validation+jwt", "wrong_type"],
    ].map((
      [name, value, reason],
    ) => [
      `with ${name} ${value}`,
      { file: edited(file, 0, () => ({ [name]: value })), expected: ["invalid", reason] },
    ]),
  );
  await compare({
    "as it is": { file, expected: ["valid"] },
    "as it survives e-mail": {
      file: `Hello,\r\n\r\n${file.replaceAll("\n", "  \r\n")}\r\nBye`,
      expected: ["valid"],
    },
    ...claims,
    ...headers,
    "of another product's app": {
      file,
      app: { product: "other-app" },
      expected: ["invalid", "other_product"],
    },
    "with another product's keys": {
      file,
      keys: await keysOf(other.product.code),
      expected: ["invalid", "unknown_key"],
    },
    "on another machine": {
      file,
      device: { fingerprint: "machine-2" },
      expected: ["wrong_machine", "other_machine"],
    },
    "encrypted": { file: encrypted, device: secret, expected: ["valid"] },
    "encrypted, on another machine": {
      file: encrypted,
      device: { ...secret, fingerprint: "machine-2" },
      expected: ["wrong_machine", "not_decrypted"],
    },
    "older than one that was seen": {
      file,
      kept: { seq: { [activation]: seq + 1 } },
      expected: ["invalid", "older_file"],
    },
    "with another version": {
      file,
      app: { version: "3.0.0" },
      expected: ["version_not_entitled", "version_not_covered"],
    },
    "cut off": { file: file.slice(0, 200), expected: ["invalid", "malformed"] },
    "without its signature": {
      file: file.replace(/\.[\w\n-]*\n-----END/, ".\n-----END"),
      expected: ["invalid", "malformed"],
    },
    "of 10 MB": { file: file + "x".repeat(10_000_000), expected: ["invalid", "malformed"] },
    "empty": { file: "", expected: ["invalid", "malformed"] },
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
    "one part changed": { file: byParts, device: replaced({ disk: "x" }), expected: ["valid"] },
    "two parts changed": {
      file: byParts,
      device: replaced({ disk: "x", mac: "y" }),
      expected: ["wrong_machine", "other_machine"],
    },
    "after its end, a version of its time": { file: kept, now: later(9), expected: ["valid"] },
    "after its end, a later version": {
      file: kept,
      now: later(9),
      app: { released: addDays(today, 6) },
      expected: ["version_not_entitled", "released_later"],
    },
    "without a list": { file, expected: ["valid"] },
    "with the list": { file, lists: [jws], expected: ["revoked", "revoked"] },
    "with the list of another issuer": { file, lists: [foreignList], expected: ["valid"] },
    "with a list older than one that was seen": {
      file,
      lists: [jws],
      kept: { lists: { [uri]: later(1) } },
      expected: ["valid"],
    },
    "with a list that has ended": { file, lists: [jws], now: later(16), expected: ["revoked", "revoked"] },
  });
});

test("the server stops", () => server.stop());
