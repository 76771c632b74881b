// Files of a server by both verifiers: components, perpetual fallback, rotation and revocation.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { addDays, dayOf } from "../../server/domain/calendar.ts";
import { getStatusList } from "../../server/domain/license_files/status_list.ts";
import { removeByCode } from "../../server/domain/license_files/remove.ts";
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
  remove?: boolean;
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

test("a removal code made from the document gives the device back, whose file is refused then", async () => {
  const { license, machine } = await makeOffline({ maxActivations: 1 });
  const file = fileOf(await checkout({ ...machine, encrypt: true }));
  const given = {
    keys: await keysOf(),
    now,
    app: { product: product.code, version: "2.1.0", released: today },
    device: { fingerprint: "machine-1", license_key: license.key },
  };
  const gone = ["not_activated", "removed"] as const;
  const { kept } = await cases.expect("the removal", { ...given, file, remove: true }, gone);
  const [[activation, { code }]] = Object.entries(kept!.removed!);
  const removed = await removeByCode(ctx, { code: code!, userId: null });
  assert.deepEqual([removed.isChanged, removed.activationId], [true, Number(activation)]);
  await cases.expect("the file that was given back", { ...given, file, kept }, gone);
  assert.equal((await server.post("/api/license/activate", machine)).status, 201);
  const since = fileOf(await checkout({ ...machine, encrypt: true }));
  await cases.expect("a file since", { ...given, file: since, kept }, ["valid"]);
  await cases.compareWithPython();
});

test("the server stops", () => server.stop());
