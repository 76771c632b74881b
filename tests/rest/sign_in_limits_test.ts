// Limits of the Upload Bridge API: sign-ins by address and by account, other calls by user, with and without Redis.
import assert from "node:assert/strict";
import { startTestServer, type TestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense, password } from "../support/users.ts";

const standard = {
  TRUSTED_PROXIES: "127.0.0.1",
  RATE_LIMIT_AUTH: "5",
  RATE_LIMIT_LICENSE: "60",
  RATE_LIMIT_DEVICE: "30",
};
const server = await startTestServer(standard);
const other = await startTestServer(standard, server);
const catalogue = await makeCatalogue(await server.ctx());

let addresses = 0;
const freshAddress = () => `203.0.${113 + Math.floor(++addresses / 250)}.${1 + addresses % 250}`;

function signIn(email: string, address: string, given: string = password, at: TestServer = server) {
  return at.post("/api/v2/auth/login", { email, password: given }, { "x-forwarded-for": address });
}

async function createUserWithLicense() {
  const ctx = await server.ctx();
  const user = await makeUser(ctx);
  await makeUserLicense(ctx, catalogue, user, "monthly");
  return user;
}

test("an address may sign in five times a minute, counted over all servers and sign-in calls", async () => {
  const { email } = await createUserWithLicense();
  const address = freshAddress();
  const statuses = [];
  for (let n = 0; n < 3; n++) statuses.push((await signIn(email, address)).status);
  const request = { "x-forwarded-for": address };
  statuses.push((await other.post("/api/v2/auth/magic-link/request", { email }, request)).status);
  const last = await signIn(email, address, password, other);
  statuses.push(last.status);
  assert.deepEqual(statuses, [200, 200, 200, 200, 200]);
  assert.equal(last.headers.get("ratelimit-limit"), "5");
  assert.equal(last.headers.get("ratelimit-remaining"), "0");
  const refused = await signIn(email, address);
  assert.equal(refused.status, 429);
  assert.equal(refused.body.error, "Too many requests");
  assert.ok(Number(refused.headers.get("retry-after")) > 0);
  assert.equal((await signIn(email, freshAddress())).status, 200, "another address is not limited");
});

test("a thousand addresses cannot guess one password", async () => {
  const [victim, neighbour] = [await createUserWithLicense(), await createUserWithLicense()];
  const replies = await Promise.all(
    Array.from(
      { length: 100 },
      (_, n) => signIn(n % 2 ? victim.email : victim.email.toUpperCase(), freshAddress(), `guess ${n}`),
    ),
  );
  assert.equal(replies.filter(({ status }) => status === 401).length, 20);
  assert.equal(replies.filter(({ status }) => status === 429).length, 80);
  assert.equal((await signIn(victim.email, freshAddress())).status, 429);
  assert.equal((await signIn(neighbour.email, freshAddress())).status, 200);
  const unknown = await Promise.all(
    Array.from({ length: 30 }, (_, n) => signIn("unknown@example.com", freshAddress(), `guess ${n}`)),
  );
  assert.equal(
    unknown.filter(({ status }) => status === 401).length,
    20,
    "unknown accounts are limited the same way",
  );
});

test("an account gets five links in a quarter of an hour, from any address", async () => {
  const { email } = await createUserWithLicense();
  for (const address of [email, "not-there@example.com"]) {
    const statuses = [];
    for (let n = 0; n < 7; n++) {
      const from = { "x-forwarded-for": freshAddress() };
      statuses.push((await server.post("/api/v2/auth/magic-link/request", { email: address }, from)).status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429]);
  }
});

test("a user may send 60 license requests and 30 device requests a minute", async () => {
  const { email } = await createUserWithLicense();
  const { session_token: token } = (await signIn(email, freshAddress())).body;
  for (const [path, most] of [["/license/info", 60], ["/devices", 30]] as const) {
    const replies = await Promise.all(
      Array.from(
        { length: most + 5 },
        (_, n) => callV2(n % 2 ? server : other, "GET", path, undefined, token),
      ),
    );
    assert.equal(replies.filter(({ status }) => status === 200).length, most, path);
    assert.equal(replies.filter(({ status }) => status === 429).length, 5, path);
  }
  const neighbour = (await signIn((await createUserWithLicense()).email, freshAddress())).body.session_token;
  assert.equal((await callV2(server, "GET", "/devices", undefined, neighbour)).status, 200);
});

test("disabled limits refuse nothing", async () => {
  const off = await startTestServer({}, server);
  const { email } = await createUserWithLicense();
  for (let n = 0; n < 7; n++) assert.equal((await login(off, email)).status, 200);
  await off.stop();
});

test("without Redis sign-ins have a stricter limit and other calls their normal one", async () => {
  const alone = await startTestServer({ ...standard, REDIS_URL: "redis://127.0.0.1:1" }, server);
  const { email } = await createUserWithLicense();
  const address = freshAddress();
  const statuses = [];
  let token = "";
  for (let n = 0; n < 5; n++) {
    const reply = await signIn(email, address, password, alone);
    statuses.push(reply.status);
    token = reply.body.session_token ?? token;
  }
  assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
  const replies = await Promise.all(
    Array.from({ length: 35 }, () => callV2(alone, "GET", "/devices", undefined, token)),
  );
  assert.equal(replies.filter(({ status }) => status === 200).length, 30);
  await alone.stop();
});

test("the servers stop without an error", async () => {
  await other.stop();
  await server.stop();
});
