// Removal codes: an app without a network gives its activation back by a code, which works once, however it is written.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { removeByCode } from "../../server/domain/license_files/remove.ts";
import { writeRemovalCode } from "../../server/domain/license_files/removal_code.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { fileOf, offlineProduct, unarmour } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { makeUser } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { makeOffline, checkout } = await offlineProduct(server);
const manager = await makeAdministrator(server, "manager");
const viewer = await makeAdministrator(server, "viewer");
const remove = (code: string) => manager.post("/api/admin/license-files/remove", { code });

/** The claims of a file, whose signature other tests verify. */
const claimsOf = (file: string) =>
  JSON.parse(new TextDecoder().decode(
    Uint8Array.fromBase64(unarmour(file).split(".")[1], { alphabet: "base64url" }),
  ));
/** The removal code that an app makes of its file. */
const codeOf = (file: string) => {
  const { activation, seq, removal } = claimsOf(file);
  return writeRemovalCode({ activationId: activation, seq }, removal);
};

async function activated(terms: object = {}) {
  const { license, machine } = await makeOffline({ maxActivations: 1, ...terms });
  const file = fileOf(await checkout(machine));
  return {
    license,
    machine,
    file,
    code: codeOf(file),
    activate: () => server.post("/api/license/activate", machine),
  };
}

async function isActive(code: string): Promise<boolean> {
  const { body } = await remove(code);
  assert.ok(body.device_id, JSON.stringify(body));
  const [row] = await server.db<{ isActive: boolean }[]>`
    select is_active from activations where id = ${body.device_id}`;
  return row.isActive;
}

test("a code frees the activation once", async () => {
  const { license, machine, code, activate } = await activated();
  assert.ok(code.length <= 50, code);
  const other = { ...machine, hardware_hash: "machine-2" };
  assert.equal((await server.post("/api/license/activate", other)).status, 403);
  const removed = await remove(code);
  assert.deepEqual([
    removed.status,
    removed.body.deactivated,
    removed.body.license_id,
    removed.body.hardware_hash,
  ], [
    200,
    true,
    license.id,
    "machine-1",
  ], JSON.stringify(removed.body));
  const again = await remove(code);
  assert.deepEqual([again.status, again.body.deactivated], [200, false]);
  const verified = await server.post("/api/license/verify", machine);
  assert.equal(verified.body.valid, false);
  assert.equal((await activate()).status, 201);
  const outdated = await remove(code);
  assert.deepEqual([outdated.status, outdated.body.error.code], [409, "REMOVAL_CODE_OUTDATED"]);
  const fresh = codeOf(fileOf(await checkout(machine)));
  assert.equal((await remove(fresh)).body.deactivated, true);
  assert.equal((await server.post("/api/license/activate", other)).status, 201);
  const [event] = await server.db<{ actorKind: string }[]>`
    select actor_kind
    from events
    where license_id = ${license.id} and type = 'license.deactivated'
    order by id
    limit 1`;
  assert.equal(event.actorKind, "administrator");
});

test("a code is outdated after its device was deactivated otherwise and activated again", async () => {
  const { machine, code, activate } = await activated();
  await server.post("/api/license/deactivate", machine);
  await activate();
  // Periods are told apart by the second.
  await server.db`
    update activations set activated_at = now() + interval '2 seconds'
    where id = ${claimsOf(fileOf(await checkout(machine))).activation}`;
  assert.equal((await remove(code)).body.error.code, "REMOVAL_CODE_OUTDATED");
});

test("a code is read however it is written down", async () => {
  const written: ((code: string) => string)[] = [
    (code) => code.toLowerCase(),
    (code) => code.replaceAll("-", ""),
    (code) => code.replaceAll("-", " "),
    (code) => code.replaceAll("0", "o").replaceAll("1", "l"),
    (code) => code.replaceAll("1", "I"),
    (code) => ` “${code}”.\r\n`,
    (code) => code.replaceAll("-", "–\u00a0"),
    (code) => code.replace("-", "-\n> "),
  ];
  const { code } = await activated();
  for (const write of written) assert.equal(await isActive(write(code)), false, write(code));
});

test("what is no code, or an edited one, is refused", async () => {
  const { file, code, machine } = await activated();
  const other = await activated();
  const { activation, seq, removal } = claimsOf(file);
  const of = (changes: { activationId?: number; seq?: number }, secret = removal) =>
    writeRemovalCode({ activationId: activation, seq, ...changes }, secret);
  const edited = Array.from({ length: code.length }, (_, index) => {
    const wrong = code[index] === "7" ? "8" : "7";
    return code[index] === "-" ? null : `${code.slice(0, index)}${wrong}${code.slice(index + 1)}`;
  }).filter((text) => text !== null);
  const wrong = [
    ...edited,
    " ",
    "hello",
    "-----",
    machine.license_key,
    code.slice(0, -1),
    `${code}0`,
    `0${code}0`,
    file.slice(0, 900),
    of({ activationId: activation + 1 }),
    of({ seq: seq + 1 }),
    of({}, claimsOf(other.file).removal),
    of({ activationId: 2 ** 53 - 1 }),
    "Z".repeat(45),
    "\u{1f512}".repeat(40),
  ];
  for (const text of wrong) {
    const reply = await remove(text);
    assert.deepEqual([reply.status, reply.body.error?.code], [400, "REMOVAL_CODE_INVALID"], text);
    assert.match(reply.body.error.message, /\.$/);
  }
  assert.equal((await remove("A".repeat(2000))).body.error.code, "INVALID_REQUEST");
  assert.equal((await remove("")).body.error.code, "INVALID_REQUEST");
  assert.equal((await viewer.post("/api/admin/license-files/remove", { code })).status, 403);
  assert.equal((await server.post("/api/license/verify", machine)).body.valid, true);
});

test("a user removes devices of their own licenses only", async () => {
  const user = await makeUser(ctx);
  const { license, code } = await activated();
  const asUser = { ...ctx, actor: { kind: "user", id: user.id, email: user.email } as const };
  await assert.rejects(removeByCode(asUser, { code, userId: user.id }), { code: "NOT_FOUND" });
  await assert.rejects(removeByCode(asUser, { code, userId: null }), { code: "FORBIDDEN" });
  await server.db`update licenses set user_id = ${user.id} where id = ${license.id}`;
  assert.equal((await removeByCode(asUser, { code, userId: user.id })).isChanged, true);
});

test("of 200 calls at once one deactivates, and activations beside them stay exact", async () => {
  const { license, code, machine } = await activated({ maxActivations: 2 });
  const other = { ...machine, hardware_hash: "machine-2" };
  const replies = await Promise.all(
    Array.from(
      { length: 200 },
      (_, index) =>
        index % 4 === 3
          ? server.post("/api/license/activate", index % 8 === 3 ? machine : other)
          : remove(code),
    ),
  );
  const removals = replies.filter((_, index) => index % 4 !== 3);
  assert.deepEqual(removals.filter(({ status }) => ![200, 409].includes(status)), []);
  assert.equal(removals.filter(({ body }) => body.deactivated === true).length, 1);
  const [counted] = await server.db<{ inUse: number; active: number }[]>`
    select activations_in_use as in_use, (select count(*) from activations where license_id = l.id and is_active) as active
    from licenses l
    where id = ${license.id}`;
  assert.equal(counted.inUse, counted.active);
  assert.ok(counted.active <= 2);
});

test("codes of files are accepted after ENCRYPTION_KEY was replaced, and after a restore without them", async () => {
  const { code, file } = await activated();
  const { activation } = claimsOf(file);
  await server.db`delete from license_files where activation_id = ${activation}`;
  const next = createCipher("the next key of the tests, of 32", [server.config.ENCRYPTION_KEY]);
  const removed = await removeByCode({ ...ctx, cipher: next }, { code, userId: null });
  assert.deepEqual([removed.isChanged, removed.activationId], [true, activation]);
  const lost = createCipher("a key that opens nothing at all, 32");
  await assert.rejects(removeByCode({ ...ctx, cipher: lost }, { code, userId: null }), {
    code: "REMOVAL_CODE_INVALID",
  });
});

test("the document's example is a code of its file", () => {
  const code = writeRemovalCode(
    { activationId: 1234, seq: 1_790_000_000 },
    new Uint8Array(32).toBase64({ alphabet: "base64url", omitPadding: true }),
  );
  assert.ok(readFileSync(new URL("../../docs/offline.md", import.meta.url), "utf8").includes(`\`${code}\``));
});

test("the server stops", () => server.stop());
