// Signing in over HTTP: what is refused and how, links, forms, the trial, and that nothing tells who has an account.
import assert from "node:assert/strict";
import { disableUser } from "../../server/domain/accounts/users.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense, password } from "../support/users.ts";

const server = await startTestServer();
const catalogue = await makeCatalogue(await server.ctx());

async function makeMember(plan = "monthly") {
  const ctx = await server.ctx();
  const user = await makeUser(ctx);
  return { ...user, license: await makeUserLicense(ctx, catalogue, user, plan) };
}

test("missing fields are named, all three when nothing was sent", async () => {
  const missing = {
    email: ["The email field is required when magic link token is not present."],
    password: ["The password field is required when magic link token is not present."],
    magic_link_token: ["The magic link token field is required when email and password are not present."],
  };
  for (const body of [{}, "", "{ broken", "[1]", "null", { email: null, password: "" }]) {
    const reply = await callV2(server, "POST", "/auth/login", body);
    assert.equal(reply.status, 400);
    assert.deepEqual(reply.body, { error: "Validation failed", messages: missing }, JSON.stringify(body));
  }
  const half = await callV2(server, "POST", "/auth/login", { email: "a@example.com" });
  assert.deepEqual(half.body.messages, { password: missing.password });
  const link = await callV2(server, "POST", "/auth/magic-link/verify", {});
  assert.equal(link.status, 400);
  assert.deepEqual(link.body.messages, {
    magic_link_token: ["The magic link token field is required."],
  });
});

test("fields of a wrong kind are named and nothing breaks", async () => {
  const good = { email: "a@example.com", password: "x" };
  const wrong: [Record<string, unknown>, string][] = [
    [{ ...good, email: 5 }, "email"],
    [{ ...good, email: "a@b@c" }, "email"],
    [{ ...good, email: "a b@example.com" }, "email"],
    [{ ...good, email: "a\u0000@example.com" }, "email"],
    [{ ...good, email: `${"a".repeat(250)}@example.com` }, "email"],
    [{ ...good, email: "İ@example.com" }, "email"],
    [{ ...good, password: ["x"] }, "password"],
    [{ ...good, password: "x".repeat(2000) }, "password"],
    [{ ...good, device_id: {} }, "device_id"],
    [{ ...good, device_id: "x".repeat(256) }, "device_id"],
    [{ ...good, device_id: "a\u0000b" }, "device_id"],
    [{ ...good, device_name: "\ud800" }, "device_name"],
    [{ magic_link_token: true }, "magic_link_token"],
  ];
  for (const [body, field] of wrong) {
    const reply = await callV2(server, "POST", "/auth/login", body);
    assert.equal(reply.status, 400, JSON.stringify(body));
    assert.deepEqual(Object.keys(reply.body.messages), [field], JSON.stringify(reply.body));
    assert.match(reply.body.messages[field][0], /^The .+ field .+\.$/);
  }
});

test("a form signs in as JSON does, and curl's forgotten content type is forgiven", async () => {
  const { email } = await makeMember();
  const form = new URLSearchParams({ email, password, device_id: "F" }).toString();
  for (const body of [form, JSON.stringify({ email, password, device_id: "F" })]) {
    const reply = await server.post("/api/v2/auth/login", body, {
      "content-type": "application/x-www-form-urlencoded",
    });
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
  }
});

test("addresses compare case-blind, and a device that is empty counts as absent", async () => {
  const { email, id } = await makeMember();
  for (const device_id of ["", null, "  "]) {
    const reply = await callV2(server, "POST", "/auth/login", {
      email: ` ${email.toUpperCase()} `,
      password,
      device_id,
    });
    assert.equal(reply.status, 200);
    assert.equal(reply.body.entitlement_token.device_id, null);
    const { body } = await callV2(server, "GET", "/devices", undefined, reply.body.session_token);
    assert.deepEqual(body.devices, []);
  }
  assert.ok(id);
});

test("a user without a license that can be used signs in and gets no entitlement", async () => {
  const { email, license } = await makeMember();
  await server
    .db`update licenses set valid_from = '2020-01-01', valid_until = '2020-02-01' where id = ${license.id}`;
  const { status, body } = await login(server, email, "A");
  assert.equal(status, 200);
  assert.equal(body.entitlement_token, null);
  const register = await callV2(server, "POST", "/devices/register", { device_id: "A" }, body.session_token);
  assert.equal(register.status, 404);
  assert.deepEqual(register.body, { error: "No active entitlement found" });
});

test("a disabled user, an unknown one and a wrong password are answered alike", async () => {
  const disabled = await makeMember();
  await disableUser(await server.ctx(), disabled.id);
  const linkOnly = await makeMember();
  await server.db`update users set password_hash = null where id = ${linkOnly.id}`;
  const replies = [
    await login(server, disabled.email, "A"),
    await login(server, linkOnly.email, "A"),
    await login(server, "unknown@example.com", "A"),
    await login(server, (await makeMember()).email, "A", { password: "wrong" }),
  ];
  for (const { status, body } of replies) {
    assert.equal(status, 401);
    assert.deepEqual(body, { error: "Invalid email or password" });
  }
});

test("neither a sign-in nor a link tells by its time whether an address is known", async () => {
  const { email } = await makeMember();
  const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  async function compare(rounds: number, ask: (email: string) => Promise<unknown>): Promise<number> {
    const times: Record<string, number[]> = { known: [], unknown: [] };
    for (let round = 0; round < rounds; round++) {
      // In turn, so that whatever slows the machine slows both.
      for (const kind of round % 2 ? ["known", "unknown"] : ["unknown", "known"]) {
        const began = performance.now();
        await ask(kind === "known" ? email : "unknown@example.com");
        times[kind].push(performance.now() - began);
      }
    }
    return Math.abs(median(times.known) / median(times.unknown) - 1);
  }
  const signIn = (email: string) => callV2(server, "POST", "/auth/login", { email, password: "wrong" });
  const link = (email: string) => callV2(server, "POST", "/auth/magic-link/request", { email });
  // One noisy run on a busy machine proves nothing; three in a row that differ do.
  for (const [ask, rounds] of [[signIn, 60], [link, 150]] as const) {
    let difference = 1;
    for (let run = 0; run < 3 && difference > 0.1; run++) difference = await compare(rounds, ask);
    assert.ok(difference <= 0.1, `medians differ by ${Math.round(difference * 100)} %`);
  }
});

test("the first sign-in with a device starts one trial, once for the user and once for the machine", async () => {
  const ctx = await server.ctx();
  const [first, second] = [await makeUser(ctx), await makeUser(ctx)];
  assert.equal((await login(server, first.email)).body.entitlement_token, null, "not without a device");
  const started = await login(server, first.email, "TRIAL-1");
  assert.equal(started.body.entitlement_token.plan, "trial");
  assert.equal(started.body.entitlement_token.max_devices, 1);
  const days = (started.body.entitlement_token.exp - started.body.entitlement_token.iat) / 86_400;
  assert.ok(days > 6 && days <= 7, `lasts ${days} days`);
  assert.equal((await login(server, first.email, "TRIAL-1")).status, 200, "the same device again");
  assert.equal((await login(server, first.email, "TRIAL-2")).status, 403, "one device");
  assert.equal(
    (await login(server, second.email, "TRIAL-1")).body.entitlement_token,
    null,
    "the same machine",
  );
  await server.db`
    update licenses
    set valid_from = '2020-01-01', valid_until = '2020-01-07'
    where user_id = ${first.id}`;
  assert.equal((await login(server, first.email, "TRIAL-3")).body.entitlement_token, null, "the same user");
});

test("two first sign-ins at once start one trial", async () => {
  const { email, id } = await makeUser(await server.ctx());
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_, n) => login(server, email, `RACE-${n}`)),
  );
  assert.equal(replies.filter(({ status }) => status === 200).length, 1);
  assert.ok(replies.every(({ status }) => status === 200 || status === 403));
  const [{ count }] = await server.db<{ count: number }[]>`
    select count(*) as count
    from licenses
    where user_id = ${id}`;
  assert.equal(count, 1);
});

test("without a plan for it there is no trial", async () => {
  const owner = await server.ctx();
  await changeSetting(owner, "trialPlan", "");
  const { email } = await makeUser(owner);
  await eventually(async () => {
    const { email } = await makeUser(owner);
    return (await login(server, email, crypto.randomUUID())).body.entitlement_token === null;
  }, 1500);
  assert.equal((await login(server, email, "NO-TRIAL")).body.entitlement_token, null);
});

test("a sign-in sent twice under one Idempotency-Key starts one session", async () => {
  const { email, id } = await makeMember();
  const send = () =>
    server.post("/api/v2/auth/login", { email, password, device_id: "A" }, {
      "idempotency-key": `once ${id}`,
    });
  const [first, second] = await Promise.all([send(), send()]);
  assert.equal(first.status, 200);
  assert.deepEqual(second.body, first.body);
  const [{ count }] = await server.db<{ count: number }[]>`
    select count(*) as count
    from sessions
    where user_id = ${id}`;
  assert.equal(count, 1);
});

test("features are checked against the plan, and are all false signed out", async () => {
  const { email } = await makeMember();
  const { session_token: token } = (await login(server, email, "A")).body;
  const all = await callV2(server, "POST", "/features/check", { features: [] }, token);
  assert.deepEqual(all.body, {
    flags: { advanced_controls: false, ai_features: false, pattern_upload: true, wifi_upload: true },
    enabled_features: ["pattern_upload", "wifi_upload"],
  });
  await server
    .db`update plans set features = features || '{new_feature}' where id = ${catalogue.plans.monthly.id}`;
  const added = await callV2(server, "POST", "/features/check", { features: ["new_feature", "x"] }, token);
  assert.deepEqual(added.body.flags, { new_feature: true, x: false }, "a feature added reaches everyone");
  const signedOut = await callV2(server, "POST", "/features/check", { features: ["wifi_upload"] });
  assert.deepEqual(signedOut.body, { flags: { wifi_upload: false }, enabled_features: [] });
  assert.equal((await callV2(server, "POST", "/features/check", {}, "wrong token")).status, 401);
  assert.equal((await callV2(server, "POST", "/features/check", { features: "x" })).status, 400);
});

test("an update check names what is wrong, and says so when there is no release", async () => {
  const missing = await server.get("/api/v2/updates/check");
  assert.equal(missing.status, 400);
  assert.deepEqual(missing.body.messages, { current_version: ["The current version field is required."] });
  assert.equal((await server.get("/api/v2/updates/check?current_version=nonsense")).status, 400);
  const none = await server.get("/api/v2/updates/check?current_version=1.0.0");
  assert.deepEqual(none.body, {
    has_update: false,
    current_version: "1.0.0",
    latest_version: null,
    update_url: null,
  });
});

test("the server of the sign-ins stops without having logged a secret", async () => {
  await server.stop();
  assert.ok(!server.logged().includes(password));
  assert.doesNotMatch(server.logged(), /[0-9a-f]{64}/);
});
