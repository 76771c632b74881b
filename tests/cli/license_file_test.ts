// The command that makes license files for apps without a network and enters their removal codes, with the permissions of its
// task.
import assert from "node:assert/strict";
import { createLocalJWKSet } from "jose";
import { writeRemovalCode } from "../../server/domain/license_files/removal_code.ts";
import manifest from "../../deno.json" with { type: "json" };
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

async function run(args: string[], input = "", env: Record<string, string> = {}) {
  const [, ...words] = manifest.tasks["license-file"].command.split(" ");
  const child = new Deno.Command(Deno.execPath(), {
    args: [...words, ...args],
    env: {
      DATABASE_URL: server.databaseUrl,
      ENCRYPTION_KEY: server.config.ENCRYPTION_KEY,
      PUBLIC_URL: server.config.PUBLIC_URL,
      ...env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await new Blob([input]).stream().pipeTo(child.stdin).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const [file, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, file, said };
}

test("a request becomes a file, and a removal code gives the activation back, once", async () => {
  const license = await newLicense();
  const made = await run(["--ttl", "7"], `Hello,\n\n> ${requestOf(license).replaceAll("\n", "\n> ")}\n`);
  assert.deepEqual([made.code, made.said.match(/was activated on license (\d+)/)?.[1]], [
    0,
    String(license.id),
  ], made.said);
  const claims = await readFile(made.file, keys);
  assert.ok(isFor(claims, "island"));
  assert.deepEqual([claims.exp - claims.iat, claims.iss], [7 * DAY, server.config.PUBLIC_URL]);

  const code = writeRemovalCode({ activationId: claims.activation, seq: claims.seq }, claims.removal);
  const removed = await run(["--remove", code.toLowerCase()]);
  assert.deepEqual([removed.code, removed.file], [0, ""]);
  assert.match(
    removed.said,
    new RegExp(`Device ${claims.activation} of license ${license.id} is deactivated`),
  );
  const again = await run(["--remove", code]);
  assert.deepEqual([again.code, /deactivated already/.test(again.said)], [0, true]);

  const actors = await server.db`
    select type, actor_kind, actor_name
    from events
    where license_id = ${license.id} and type in ('license.activated', 'license_file.issued', 'license.deactivated')
    order by id`;
  assert.deepEqual(
    actors.map(({ type, actorKind, actorName }) => [type, actorKind, actorName]),
    ["license.activated", "license_file.issued", "license.deactivated"].map((type) => [
      type,
      "system",
      "command line",
    ]),
  );
});

test("what is refused says what to do, prints no file and changes nothing", async () => {
  const license = await newLicense();
  const request = requestOf(license);
  const cases: [string[], string, RegExp, Record<string, string>?][] = [
    [[], "", /BEGIN LATCHKEY REQUEST/],
    [[], request.replace("-----END", "x-----END"), /incomplete/],
    [[], requestOf(await newLicense({ offlineDays: 0 })), /without a connection/],
    [[], "x".repeat(70_000), /too long/],
    [["--ttl", "0"], request, /from 1 to 3650/],
    [["--ttl", "1.5"], request, /from 1 to 3650/],
    [["--ttl", "31"], request, /at most 30 for/],
    [["request.txt"], request, /Use:/],
    [["--ttl", "1", "--remove", "x"], request, /Use:/],
    [["--remove", "x"], "", /removal code/],
    [["--unknown"], request, /--unknown/],
    [[], request, /Set PUBLIC_URL/, { PUBLIC_URL: "" }],
    [[], request, /Set DATABASE_URL and ENCRYPTION_KEY/, { ENCRYPTION_KEY: "" }],
  ];
  for (const [args, input, says, env] of cases) {
    const { code, file, said } = await run(args, input, env);
    assert.deepEqual([code, file], [1, ""], said);
    assert.match(said, says);
    assert.doesNotMatch(said, /\n {4}at /);
  }
  const rows = await server.db`select 1 from activations where license_id = ${license.id}`;
  assert.equal(rows.length, 0);
});

test("the server stops", () => server.stop());
