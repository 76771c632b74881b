// Signing in over HTTP: validation, links, forms and trials, and no response reveals whether an account exists.
import assert from "node:assert/strict";
import { disableUser } from "../../server/domain/accounts/disable_user.ts";
import { passwordQueue } from "../../server/domain/passwords/password_hash.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense, password } from "../support/users.ts";

const server = await startTestServer();
const catalogue = await makeCatalogue(await server.ctx());

async function createUserWithLicense(plan = "monthly") {
  const ctx = await server.ctx();
  const user = await makeUser(ctx);
  return { ...user, license: await makeUserLicense(ctx, catalogue, user, plan) };
}

test("missing fields are reported, all three for an empty body", async () => {
  const missing = {
    email: ["The email field is required when magic link token is not present."],
    password: ["The password field is required when magic link token is not present."],
    magic_link_token: ["The magic link token field is required when email and password are not present."],
  };
  for (const body of [{}, "", "{ broken", "[1]", "null", { email: null, password: "" }]) {
    const reply = await callV2(server, "POST", "/auth/login", body);
    assert.equal(reply.status, 400);
    const error = "Validation failed: Email and password are required";
    assert.deepEqual(reply.body, { error, messages: missing }, JSON.stringify(body));
  }
  const half = await callV2(server, "POST", "/auth/login", { email: "a@example.com" });
  assert.deepEqual(half.body.messages, { password: missing.password });
  const link = await callV2(server, "POST", "/auth/magic-link/verify", {});
  assert.equal(link.status, 400);
  assert.deepEqual(link.body.messages, {
    magic_link_token: ["The magic link token field is required."],
  });
});

test("fields of a wrong type are reported by name", async () => {
  const valid = { email: "a@example.com", password: "x" };
  const wrong: [Record<string, unknown>, string][] = [
    [{ ...valid, email: 5 }, "email"],
    [{ ...valid, email: "a@b@c" }, "email"],
    [{ ...valid, email: "a b@example.com" }, "email"],
    [{ ...valid, email: "a\u0000@example.com" }, "email"],
    [{ ...valid, email: `${"a".repeat(250)}@example.com` }, "email"],
    [{ ...valid, email: "İ@example.com" }, "email"],
    [{ ...valid, password: ["x"] }, "password"],
    [{ ...valid, password: "x".repeat(2000) }, "password"],
    [{ ...valid, device_id: {} }, "device_id"],
    [{ ...valid, device_id: "x".repeat(256) }, "device_id"],
    [{ ...valid, device_id: "a\u0000b" }, "device_id"],
    [{ ...valid, device_name: 5 }, "device_name"],
    [{ magic_link_token: true }, "magic_link_token"],
  ];
  for (const [body, field] of wrong) {
    const reply = await callV2(server, "POST", "/auth/login", body);
    assert.equal(reply.status, 400, JSON.stringify(body));
    assert.deepEqual(Object.keys(reply.body.messages), [field], JSON.stringify(reply.body));
    assert.match(reply.body.messages[field][0], /^The .+ field .+\.$/);
  }
});

test("a form is accepted like JSON, also JSON with curl's default content type", async () => {
  const { email } = await createUserWithLicense();
  const form = new URLSearchParams({ email, password, device_id: "F" }).toString();
  for (const body of [form, JSON.stringify({ email, password, device_id: "F" })]) {
    const reply = await server.post("/api/v2/auth/login", body, {
      "content-type": "application/x-www-form-urlencoded",
    });
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
  }
});

test("addresses are compared case-insensitively, and an empty device id counts as absent", async () => {
  const { email, id } = await createUserWithLicense();
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

test("a user without a usable license signs in and gets no entitlement", async () => {
  const { email, license } = await createUserWithLicense();
  await server
    .db`update licenses set valid_from = '2020-01-01', valid_until = '2020-02-01' where id = ${license.id}`;
  const { status, body } = await login(server, email, "A");
  assert.equal(status, 200);
  assert.equal(body.entitlement_token, null);
  const register = await callV2(server, "POST", "/devices/register", { device_id: "A" }, body.session_token);
  assert.equal(register.status, 404);
  assert.deepEqual(register.body, { error: "No active entitlement found" });
});

test("a disabled user, an unknown user and a wrong password have the same response", async () => {
  const disabled = await createUserWithLicense();
  await disableUser(await server.ctx(), disabled.id);
  const linkOnly = await createUserWithLicense();
  await server.db`update users set password_hash = null where id = ${linkOnly.id}`;
  const replies = [
    await login(server, disabled.email, "A"),
    await login(server, linkOnly.email, "A"),
    await login(server, "unknown@example.com", "A"),
    await login(server, (await createUserWithLicense()).email, "A", { password: "wrong" }),
  ];
  for (const { status, body } of replies) {
    assert.equal(status, 401);
    assert.deepEqual(body, { error: "Invalid email or password" });
  }
});

test("a sign-in computes one password hash, whether or not there is such an account", async () => {
  const run = passwordQueue.run;
  let computed = 0;
  passwordQueue.run = (work, signal) => {
    computed++;
    return run(work, signal);
  };
  try {
    const disabled = await createUserWithLicense();
    await disableUser(await server.ctx(), disabled.id);
    const linkOnly = await createUserWithLicense();
    await server.db`update users set password_hash = null where id = ${linkOnly.id}`;
    const { email } = await createUserWithLicense();
    const attempts = [
      email,
      disabled.email,
      linkOnly.email,
      "unknown@example.com",
      `${"x".repeat(64)}@${"y".repeat(60)}.example.com`,
    ];
    for (const email of attempts) {
      computed = 0;
      await callV2(server, "POST", "/auth/login", { email, password: "wrong" });
      assert.equal(computed, 1, email);
    }
    for (const email of ["unknown@example.com", (await makeAdministrator(server, "viewer")).email]) {
      computed = 0;
      await server.post("/api/admin/login", { email, password: "wrong" });
      assert.equal(computed, 1, email);
    }
  } finally {
    passwordQueue.run = run;
  }
});

test("a request for a link does the same work for every address: the worker looks the account up", async () => {
  const { email } = await createUserWithLicense();
  for (const address of [email, "unknown@example.com"]) {
    await callV2(server, "POST", "/auth/magic-link/request", { email: address });
  }
  const rows = await server.db`
    select purpose, user_id, token_hash, processed_at
    from email_links
    where email in (${email}, 'unknown@example.com')`;
  const waiting = { purpose: "sign_in", userId: null, tokenHash: null, processedAt: null };
  assert.deepEqual([...rows].map((row) => ({ ...row })), [waiting, waiting]);
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

test("two concurrent first sign-ins start one trial", async () => {
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

test("without a trial plan no trial starts", async () => {
  const owner = await server.ctx();
  await changeSetting(owner, "trialPlan", "");
  const { email } = await makeUser(owner);
  await eventually(async () => {
    const { email } = await makeUser(owner);
    return (await login(server, email, crypto.randomUUID())).body.entitlement_token === null;
  }, 1500);
  assert.equal((await login(server, email, "NO-TRIAL")).body.entitlement_token, null);
});

test("a sign-in repeated with its Idempotency-Key starts one session", async () => {
  const { email, id } = await createUserWithLicense();
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

test("features are checked against the plan, and are all false without a session", async () => {
  const { email } = await createUserWithLicense();
  const { session_token: token } = (await login(server, email, "A")).body;
  const all = await callV2(server, "POST", "/features/check", { features: [] }, token);
  assert.deepEqual(all.body, {
    flags: { advanced_controls: false, ai_features: false, pattern_upload: true, wifi_upload: true },
    enabled_features: ["pattern_upload", "wifi_upload"],
  });
  await server
    .db`update plans set features = features || '{new_feature}' where id = ${catalogue.plans.monthly.id}`;
  const added = await callV2(server, "POST", "/features/check", { features: ["new_feature", "x"] }, token);
  assert.deepEqual(
    added.body.flags,
    { new_feature: true, x: false },
    "an added feature applies to all licenses",
  );
  const signedOut = await callV2(server, "POST", "/features/check", { features: ["wifi_upload"] });
  assert.deepEqual(signedOut.body, { flags: { wifi_upload: false }, enabled_features: [] });
  assert.equal((await callV2(server, "POST", "/features/check", {}, "wrong token")).status, 401);
  assert.equal((await callV2(server, "POST", "/features/check", { features: "x" })).status, 400);
});

test("an update check names invalid fields, and reports when there is no release", async () => {
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

test("the server stops and has logged no secret", async () => {
  await server.stop();
  assert.ok(!server.logged().includes(password));
  assert.doesNotMatch(server.logged(), /[0-9a-f]{64}/);
});
