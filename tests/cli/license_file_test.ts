// The commands that make license files for apps without a network and enter their removal codes, with the permissions of the
// task.
import assert from "node:assert/strict";
import { createLocalJWKSet } from "jose";
import { writeRemovalCode } from "../../server/domain/license_files/removal_code.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { Shell } from "../support/command_line.ts";
import { makeLicense } from "../support/fixtures.ts";
import { DAY, isFor, offlineProduct, offlineRequest, readFile } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { product } = await offlineProduct(server);
const keys = createLocalJWKSet((await server.get("/.well-known/jwks/offline-app.json")).body);
const newLicense = (terms: object = {}) =>
  makeLicense(ctx, { productId: product.id, offlineDays: 30, maxActivations: 1, ...terms });
const requestOf = ({ key }: { key: string }) => offlineRequest({ license_key: key, hardware_hash: "island" });

const manager = await makeAdministrator(server, "manager");
const shell = new Shell({ LATCHKEY_URL: server.url, LATCHKEY_TOKEN: manager.token });
const run = (args: string[], input = "") => shell.run(["license-file", ...args], input);

test("a request becomes a file, and a removal code gives the activation back, once", async () => {
  const license = await newLicense();
  const made = await run(
    ["issue", "--ttl", "7"],
    `Hello,\n\n> ${requestOf(license).replaceAll("\n", "\n> ")}\n`,
  );
  assert.deepEqual([made.code, made.err.match(/was activated on license (\d+)/)?.[1]], [
    0,
    String(license.id),
  ], made.err);
  const claims = await readFile(made.out, keys);
  assert.ok(isFor(claims, "island"));
  assert.deepEqual([claims.exp - claims.iat, claims.iss], [7 * DAY, server.config.PUBLIC_URL]);

  const code = writeRemovalCode({ activationId: claims.activation, seq: claims.seq }, claims.removal);
  const removed = await run(["remove", code.toLowerCase()]);
  assert.deepEqual([removed.code, removed.err], [0, ""]);
  assert.match(
    removed.out,
    new RegExp(`Device ${claims.activation} of license ${license.id} is deactivated`),
  );
  const again = await run(["remove", code]);
  assert.deepEqual([again.code, /deactivated already/.test(again.out)], [0, true]);

  const actors = await server.db`
    select type, actor_kind, actor_name
    from events
    where license_id = ${license.id} and type in ('license.activated', 'license_file.issued', 'license.deactivated')
    order by id`;
  assert.deepEqual(
    actors.map(({ type, actorKind, actorName }) => [type, actorKind, actorName]),
    ["license.activated", "license_file.issued", "license.deactivated"].map((type) => [
      type,
      "administrator",
      manager.email.replace(/(\d+)@.*/, " $1"),
    ]),
  );
});

test("what is refused says what to do, prints no file and changes nothing", async () => {
  const license = await newLicense();
  const request = requestOf(license);
  const cases: [args: string[], input: string, says: RegExp, code?: number][] = [
    [[], "", /BEGIN LATCHKEY REQUEST/],
    [[], request.replace("-----END", "x-----END"), /incomplete/],
    [[], requestOf(await newLicense({ offlineDays: 0 })), /without a connection/],
    [["--ttl", "0"], request, /from 1 to 3650/],
    [["--ttl", "1.5"], request, /whole number/, 2],
    [["--ttl", "31"], request, /at most 30 for/],
    [["missing.txt"], request, /no file .*missing\.txt/],
    [["--unknown"], request, /--unknown/, 2],
  ];
  for (const [args, input, says, expected = 1] of cases) {
    const { code, out, err } = await run(["issue", ...args], input);
    assert.deepEqual([code, out], [expected, ""], err);
    assert.match(err, says);
    assert.doesNotMatch(err, /\n {4}at /);
  }
  const wrong = await run(["remove", "x"]);
  assert.deepEqual([wrong.code, /removal code/.test(wrong.err)], [1, true], wrong.err);
  const rows = await server.db`select 1 from activations where license_id = ${license.id}`;
  assert.equal(rows.length, 0);
});

test("the server stops", async () => {
  await shell.remove();
  await server.stop();
});
