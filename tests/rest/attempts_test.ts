// Guessing passwords and codes: the wait grows with each failure of an account from a network, also for concurrent
// attempts and under an Idempotency-Key; who guesses cannot keep the owner out; the owner is notified.
import assert from "node:assert/strict";
import { signIn } from "../../server/domain/administrators/sign_in.ts";
import { confirmTotpSetup, startTotpSetup } from "../../server/domain/administrators/totp_setup.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { getAdministratorActor } from "../../server/domain/administrators/session_actor.ts";
import type { AttemptCounter } from "../../server/domain/attempts/attempt_counter.ts";
import type { Context } from "../../server/domain/context.ts";
import { claimMails } from "../../server/domain/mail/mail.ts";
import { countAttemptsLocally } from "../../server/request/attempt_counter.ts";
import { codeOf } from "../support/second_factor.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { makeUser, password } from "../support/users.ts";

const server = await startTestServer({ TRUSTED_PROXIES: "127.0.0.1", RATE_LIMIT_AUTH: "5" });
const { services } = server.server;
const PASSWORD = "long correct horse";
const SECOND = 1000;
const start = Date.now();
let number = 0;
const nextAddress = () => `198.51.100.${++number}`;

/** Counters in Redis and in a process, which limit alike. */
const counters: [name: string, counter: AttemptCounter][] = [
  ["in Redis", services.attempts!],
  ["in a process", countAttemptsLocally(services.limits.attempts!, services.attempts!.report)],
];

async function makeAdministrator(): Promise<string> {
  const email = `attempts${++number}@example.com`;
  await createAdministrator(await server.ctx(), {
    email,
    name: "Attempts",
    role: "owner",
    password: PASSWORD,
  });
  return email;
}

/** Tries to sign in some seconds after the start; "ok", or the code and seconds to wait. */
async function attempt(
  counter: AttemptCounter,
  given: { email: string; password?: string; code?: string; address: string; seconds?: number },
): Promise<string> {
  const now = new Date(start + (given.seconds ?? 0) * SECOND);
  const { email, address, code = null } = given;
  const ctx: Context = {
    ...await server.ctx(now),
    actor: { kind: "anonymous" },
    address,
    attempts: counter,
  };
  const input = { email, password: given.password ?? PASSWORD, code, browser: "tests", ip: address };
  return await signIn(ctx, input).then(
    () => "ok",
    (error) => error.facts.retryAfter ? `wait ${error.facts.retryAfter}` : error.code,
  );
}

const guesses = (counter: AttemptCounter, n: number, given: () => Parameters<typeof attempt>[1]) =>
  Promise.all(Array.from({ length: n }, () => attempt(counter, { password: "guess", ...given() })));
const countOf = (outcomes: string[], outcome: string) => outcomes.filter((one) => one === outcome).length;

for (const [name, counter] of counters) {
  test(`Attempts ${name} that arrive in another order than they were sent wait for nothing`, async () => {
    const keys = {
      account: `administrator:order ${++number}`,
      network: `administrator:order ${number}:192.0.2.1`,
    };
    for (const later of [200, 0, 100]) {
      const begun = await counter.begin(keys, { isKnownHere: false, now: new Date(start + later) });
      assert.ok(!("retryAfterMs" in begun), JSON.stringify(begun));
    }
  });

  test(`After five failures ${name} the wait doubles, up to an hour, and a success forgets them`, async () => {
    const [email, address] = [await makeAdministrator(), nextAddress()];
    const outcomes = await guesses(counter, 20, () => ({ email, address }));
    assert.equal(countOf(outcomes, "SIGN_IN_FAILED"), 5, "concurrent attempts are counted too");
    assert.equal(countOf(outcomes, "wait 30"), 15);
    assert.equal(
      await attempt(counter, { email, address }),
      "wait 30",
      "the right password has to wait as well",
    );
    const wrong = { email, address, password: "guess" };
    assert.equal(await attempt(counter, { ...wrong, seconds: 31 }), "SIGN_IN_FAILED");
    assert.equal(await attempt(counter, { ...wrong, seconds: 31 }), "wait 60");
    let seconds = 31 + 60;
    for (let n = 0; n < 10; n++) {
      assert.equal(await attempt(counter, { ...wrong, seconds }), "SIGN_IN_FAILED");
      seconds += 3600;
    }
    assert.equal(await attempt(counter, { ...wrong, seconds: seconds - 1 }), "wait 1");
    assert.equal(await attempt(counter, { email, address, seconds }), "ok");
    assert.equal(await attempt(counter, { ...wrong, seconds }), "SIGN_IN_FAILED");
    assert.equal(await attempt(counter, { email, address, seconds }), "ok");
  });

  test(`A wait ${name} does not last until a clock that was put back gets there again`, async () => {
    const [email, address] = [await makeAdministrator(), nextAddress()];
    await guesses(counter, 6, () => ({ email, address }));
    assert.equal(await attempt(counter, { email, address }), "wait 30");
    assert.equal(await attempt(counter, { email, address, seconds: -7200 }), "ok");
  });

  test(`A thousand networks ${name} cannot guess, and cannot keep the owner out`, async () => {
    const [email, home] = [await makeAdministrator(), nextAddress()];
    assert.equal(await attempt(counter, { email, address: home }), "ok");
    const outcomes = await guesses(counter, 60, () => ({ email, address: nextAddress() }));
    assert.equal(countOf(outcomes, "SIGN_IN_FAILED"), 20);
    assert.equal(await attempt(counter, { email, address: nextAddress() }), "wait 30");
    assert.equal(await attempt(counter, { email, address: home, password: "typo" }), "SIGN_IN_FAILED");
    assert.equal(await attempt(counter, { email, address: home }), "ok");
    const other = await guesses(
      counter,
      30,
      () => ({ email: "not-there@example.com", address: nextAddress() }),
    );
    assert.equal(countOf(other, "SIGN_IN_FAILED"), 20, "an account that does not exist looks the same");
  });

  test(`Wrong codes ${name} are limited beside a right password; a missing code is none`, async () => {
    const [email, address] = [await makeAdministrator(), nextAddress()];
    const secret = await addAuthenticatorApp(email);
    // The app was confirmed with a code of now.
    const seconds = (Date.now() - start) / SECOND;
    for (let n = 0; n < 10; n++) {
      assert.equal(await attempt(counter, { email, address, seconds }), "SECOND_FACTOR_REQUIRED");
    }
    const outcomes = await guesses(
      counter,
      20,
      () => ({ email, address, seconds, password: PASSWORD, code: "000000" }),
    );
    assert.equal(countOf(outcomes, "SECOND_FACTOR_REQUIRED"), 5);
    assert.equal(countOf(outcomes, "wait 30"), 15);
    assert.equal(
      await attempt(counter, {
        email,
        address: nextAddress(),
        seconds,
        code: codeOf(secret, "next", start + seconds * SECOND),
      }),
      "ok",
    );
  });
}

async function addAuthenticatorApp(email: string): Promise<string> {
  const ctx = await server.ctx();
  const { token } = await signIn(ctx, { email, password: PASSWORD, code: null, browser: "tests", ip: null });
  const mine = { ...ctx, actor: await getAdministratorActor(ctx, token) };
  const { secret } = await startTotpSetup(mine);
  await confirmTotpSetup(mine, codeOf(secret));
  return secret;
}

test("Over REST the answer is 429 with Retry-After, also under an Idempotency-Key", async () => {
  const { email } = await makeUser(await server.ctx());
  const ask = (given: string, address: string, key: string) =>
    server.post("/api/v2/auth/login", { email, password: given }, {
      "x-forwarded-for": address,
      "idempotency-key": key,
    });
  const statuses = [];
  for (let n = 0; n < 21; n++) statuses.push((await ask("guess", nextAddress(), `guess ${n}`)).status);
  assert.deepEqual([statuses.indexOf(429), new Set(statuses.slice(0, 20))], [20, new Set([401])]);
  const refused = await ask(password, nextAddress(), "the right one");
  assert.equal(refused.status, 429);
  const seconds = Number(refused.headers.get("retry-after"));
  assert.ok(seconds > 0 && seconds <= 30, String(seconds));
  const page = await fetch(`${server.url}/account/sign-in`, {
    method: "POST",
    headers: { "x-forwarded-for": nextAddress(), "sec-fetch-site": "same-origin" },
    body: new URLSearchParams({ email, password }),
  });
  assert.equal(page.status, 429);
  assert.match(await page.text(), /[Tt]ry again in 1 minute, or sign in with a link.*href="\/magic-link"/s);
});

test("The owner of an account is told of ten wrong passwords, and sooner of wrong codes beside the right one", async () => {
  const [{ email, id }, administrator] = [await makeUser(await server.ctx()), await makeAdministrator()];
  for (let n = 0; n < 12; n++) {
    const address = nextAddress();
    await server.post("/api/v2/auth/login", { email, password: "guess" }, { "x-forwarded-for": address });
  }
  await addAuthenticatorApp(administrator);
  const address = nextAddress();
  for (let n = 0; n < 4; n++) {
    await server.post("/api/admin/login", { email: administrator, password: PASSWORD, code: "000000" }, {
      "x-forwarded-for": address,
    });
  }
  await eventually(async () => {
    const events = await server.db`
      select 1
      from events
      where type = 'user.sign_in_failing' and subject_id = ${id}
        or type = 'administrator.sign_in_failing' and after ->> 'ip' = ${address}`;
    return events.length === 2;
  });
  const mails = await claimMails(await server.ctx(), 100);
  const textOf = (to: string) => mails.filter((mail) => mail.to === to).map(({ text }) => text);
  const [toUser, ...moreToUser] = textOf(email);
  assert.match(toUser, /The password was wrong 10 times.*\n.*198\.51\.100\./);
  const [toAdministrator, ...more] = textOf(administrator);
  assert.match(toAdministrator, /The password was right, but the two-factor code was wrong 3 times/);
  assert.deepEqual([moreToUser, more], [[], []]);
});

test("The server stops without an error", () => server.stop());
