// Nonces of every kind in all calls that validate: taken or refused with what is wrong, and no signature without an answer.
import assert from "node:assert/strict";
import { makeLicense } from "../support/fixtures.ts";
import { type Reply, startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { callV2, makeCatalogue, makeUser, makeUserLicense, startTestSession } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const license = await makeLicense(ctx);
const machine = { license_key: license.key, hardware_hash: "machine-1" };
await server.post("/api/license/activate", machine);
const user = await makeUser(ctx);
await makeUserLicense(ctx, await makeCatalogue(ctx), user, "monthly");
const token = await startTestSession(ctx, user, "laptop");
const entitlement_token = { sub: String(user.id), plan: "monthly", exp: 4_000_000_000 };

const calls: Record<string, (body: object, at?: typeof server) => Promise<Reply>> = {
  verify: (body, at = server) => at.post("/api/license/verify", { ...machine, ...body }),
  heartbeat: (body, at = server) => at.post("/api/license/heartbeat", { ...machine, ...body }),
  "v1 validate": (body, at = server) =>
    at.post("/api/v1/validate", { license_key: license.key, hardware_id: "machine-1", ...body }),
  "v2 validate": (body, at = server) =>
    callV2(at, "POST", "/license/validate", { entitlement_token, ...body }, token),
};

for (const [name, call] of Object.entries(calls)) {
  test(`${name} takes a nonce of 16 to 128 visible ASCII characters, and nothing else`, async () => {
    const lengths = Array.from({ length: 130 }, (_, length) => "x".repeat(length));
    const visible = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n)).join("");
    const texts = [
      "ü".repeat(20),
      "x".repeat(16) + "é",
      "n".repeat(16) + "\u0000",
      "\ud800".repeat(16),
      "🔑".repeat(16),
    ]
      .concat(Array.from([" ", "\t", "\n", "\x7f", "\u00a0", "\u200b"], (end) => "x".repeat(20) + end));
    const values = [0, 1, 1e20, 1234567890123456, true, false, {}, { nonce: "x".repeat(16) }, [], [
      "x".repeat(16),
    ]];
    const refused = async (nonce: unknown) => {
      const { status, body } = await call({ nonce });
      assert.equal(status, 400, JSON.stringify(nonce));
      const text = JSON.stringify(body);
      assert.match(text, /nonce/, text);
      assert.doesNotMatch(text, /signature/);
    };
    const taken = async (nonce: string) => {
      const { status, body } = await call({ nonce });
      assert.equal(status, 200, nonce);
      assert.equal(
        JSON.parse(atob(body.signature.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).nonce,
        nonce,
      );
    };
    await Promise.all([
      ...lengths.map((nonce) => nonce.length >= 16 && nonce.length <= 128 ? taken(nonce) : refused(nonce)),
      ...[...texts, ...values].map(refused),
      taken(visible),
    ]);
    for (const body of [{ nonce: null }, {}]) {
      const reply = await call(body);
      assert.deepEqual([reply.status, reply.body.valid, "signature" in reply.body], [200, true, false]);
    }
  });
}

test("a call that is refused by a limit or an outage is not signed", async () => {
  const limited = await startTestServer({
    RATE_LIMIT_PUBLIC: "6",
    RATE_LIMIT_LICENSE: "1",
    RATE_LIMIT_HEARTBEAT: "1",
    DATABASE_TIMEOUT_MS: "100",
  }, server);
  const refusedWith = async (expected: number, call: typeof calls[string]) => {
    const reply = await call({ nonce: "a-nonce-of-an-app" }, limited);
    assert.equal(reply.status, expected, JSON.stringify(reply.body));
    assert.doesNotMatch(JSON.stringify(reply.body), /signature/);
    assert.ok(Number(reply.headers.get("retry-after")) >= 1);
  };
  const locker = await server.db.reserve();
  await locker`begin`;
  await locker`lock table licenses, sessions in access exclusive mode`;
  try {
    for (const call of Object.values(calls)) await refusedWith(503, call);
  } finally {
    await locker`rollback`;
    locker.release();
  }
  for (const call of Object.values(calls)) {
    await eventually(async () => (await call({ nonce: "a-nonce-of-an-app" }, limited)).status === 429);
    await refusedWith(429, call);
  }
  assert.doesNotMatch(limited.logged(), /"bug"/);
  await limited.stop();
});

test("the server stops", () => server.stop());
