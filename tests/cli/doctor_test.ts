// The doctor: a healthy system passes; each part that is broken is named with what to do next, and nothing else fails.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import type { Finding } from "../../cli/doctor/check.ts";
import { examine } from "../../cli/doctor/examine.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { sourceOf } from "../rules/source.ts";
import { cloneStores, createEmptyDatabase } from "../support/database.ts";
import { startMailReceiver } from "../support/mail.ts";
import { testSecrets } from "../support/secrets.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const mail = await startMailReceiver();
const ctx = await server.ctx();
await createAdministrator(ctx, {
  email: "o@example.com",
  name: "O",
  role: "owner",
  password: "correct horse",
});
await rotateSigningKey(ctx);
await server.db`
  insert into job_cursors (job, processed_until)
  values ('health_check', now())`;

const healthy: Record<string, string> = {
  ...testSecrets,
  DATABASE_URL: server.databaseUrl,
  REDIS_URL: server.redisUrl,
  PUBLIC_URL: server.url,
  SMTP_URL: mail.url,
};

const run = (variables: Record<string, string> = {}, more: { testMailTo?: string } = {}) =>
  examine({ variables: { ...healthy, ...variables }, ...more });
const failures = (findings: Finding[]) =>
  findings.filter(({ result }) => result === "failure").map(({ check }) => check);
const named = (findings: Finding[], name: string) => {
  const found = findings.find(({ check }) => check === name);
  assert.ok(found, `no check ${name} in ${findings.map(({ check }) => check).join(", ")}`);
  return found;
};

/** What of this PostgreSQL and Redis is as the tests start them, and not as in production. */
const ofTheTests = ["database durability", "redis eviction"];

test("a healthy system has no failure, and every finding that is not ok says what to do", async () => {
  const findings = await run();
  assert.deepEqual(failures(findings).filter((name) => !ofTheTests.includes(name)), []);
  for (const { check, result, next } of findings) {
    assert.equal(next === null, result === "ok", check);
  }
  const names = findings.map(({ check }) => check);
  for (const name of ["clock", "database privileges", "encryption key", "worker", "disk", "second factor"]) {
    assert.ok(names.includes(name), name);
  }
  assert.equal(new Set(names).size, names.length, "each check once");
});

test("the connections that a server and a worker take are those of the documentation", async () => {
  const [, server, worker] = sourceOf("docs/operations/outages.md")
    .match(/has to allow (\d+) for each server process and (\d+) for each worker/)!;
  const { found } = named(await run({ PROCESSES: "2" }), "database connections");
  assert.match(found, new RegExp(`take up to ${2 * Number(server) + Number(worker)}\\.`));
  const more = named(await run({ PROCESSES: "2", DATABASE_CONNECTIONS: "30" }), "database connections");
  assert.match(more.found, new RegExp(`take up to ${2 * (Number(server) + 10) + Number(worker)}\\.`));
});

/** Each configuration that is broken, the check that says so, and the result. */
const broken: [string, Record<string, string>, string, Finding["result"], RegExp][] = [
  ["an invalid value", { PORT: "many" }, "configuration", "failure", /PORT/],
  ["a missing secret", { JWT_SECRET: "" }, "secrets", "failure", /JWT_SECRET/],
  ["a secret that can be guessed", { ENCRYPTION_KEY: "changeme" }, "secrets", "failure", /ENCRYPTION_KEY/],
  ["an http address", { PUBLIC_URL: "http://l.example" }, "public URL", "failure", /not https/],
  ["an address with a path", { PUBLIC_URL: "https://l.example/x" }, "public URL", "failure", /path/],
  [
    "a public address without a server",
    { PUBLIC_URL: "http://127.0.0.1:1" },
    "public address",
    "failure",
    /./,
  ],
  [
    "proxies that cannot be read",
    { TRUSTED_PROXIES: "proxy" },
    "trusted proxies",
    "failure",
    /cannot be read/,
  ],
  [
    "all addresses as proxies",
    { TRUSTED_PROXIES: "0.0.0.0/0" },
    "trusted proxies",
    "failure",
    /every address/,
  ],
  ["no proxy behind a listener that needs one", { LISTENER: "deno" }, "trusted proxies", "warning", /None/],
  [
    "a database that is not there",
    { DATABASE_URL: "postgres://x@127.0.0.1:1/x" },
    "database",
    "failure",
    /./,
  ],
  ["a wrong password", { DATABASE_URL: "wrong" }, "configuration", "failure", /DATABASE_URL/],
  ["more processes than connections", { PROCESSES: "64" }, "database connections", "failure", /take up to/],
  ["a Redis that is not there", { REDIS_URL: "redis://127.0.0.1:1" }, "redis", "failure", /./],
  [
    "another ENCRYPTION_KEY",
    { ENCRYPTION_KEY: randomBytes(32).toString("base64") },
    "encryption key",
    "failure",
    /signing keys/,
  ],
  ["no mail server", { SMTP_URL: "" }, "mail server", "warning", /None/],
  ["a mail server that is not there", { SMTP_URL: "smtp://127.0.0.1:1" }, "mail server", "failure", /./],
  [
    "an identity provider that is not there",
    { OIDC_ISSUER: "http://127.0.0.1:1", OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "x" },
    "identity provider",
    "failure",
    /127\.0\.0\.1:1/,
  ],
  [
    "a break-glass owner who is not there",
    {
      OIDC_ISSUER: "http://127.0.0.1:1",
      OIDC_CLIENT_ID: "x",
      OIDC_CLIENT_SECRET: "x",
      OIDC_REQUIRED: "true",
      OIDC_BREAK_GLASS: "nobody@example.com",
    },
    "break-glass owner",
    "failure",
    /no enabled owner/,
  ],
];
for (const [fault, variables, check, result, words] of broken) {
  test(`${fault} is found`, async () => {
    const finding = named(await run(variables), check);
    assert.equal(finding.result, result, finding.found);
    assert.match(finding.found, words);
    assert.ok(finding.next);
    for (const secret of Object.values(testSecrets)) assert.ok(!finding.found.includes(secret));
  });
}

test("a database without migrations, and one of another program, are found", async () => {
  const empty = await createEmptyDatabase();
  const lacking = named(await run({ DATABASE_URL: empty.databaseUrl }), "migrations");
  assert.deepEqual([lacking.result, /deno task latchkey migrate/.test(lacking.found)], ["failure", true]);
  await empty.db.end();
});

test("what the database holds is checked: owners, factors, worker, webhooks, mail, privileges", async () => {
  const stores = await cloneStores();
  const at = { DATABASE_URL: stores.databaseUrl };
  const first = await run(at);
  assert.equal(named(first, "owners").result, "failure");
  assert.match(named(first, "owners").next!, /setup-link/);
  assert.equal(named(first, "worker").result, "failure");
  assert.equal(named(first, "encryption key").found, "No secret is stored yet.");
  const inStores = { ...ctx, db: stores.db };
  for (const name of ["one", "two"]) {
    const email = `${name}@example.com`;
    await createAdministrator(inStores, { email, name, role: "owner", password: "correct horse" });
  }
  await stores.db`
    insert into webhooks (url, event_types, headers, secret, failing_since, created_at, updated_at)
    select url, '{license.created}', ${ctx.cipher.encrypt("webhook headers", "{}")},
      ${ctx.cipher.encrypt("webhook secret", "s")}, failing_since, now(), now()
    from (values
      ('https://broken.invalid/x', now()),
      ('http://127.0.0.1:9/closed', null),
      ('http://10.0.0.1/private', null),
      (${`${server.url}/open`}, null)
    ) as endpoints (url, failing_since)`;
  await stores.db`
    insert into mails (kind, recipient, subject, created_at, next_attempt_at, failed_at, last_error)
    values ('test', 'a@example.com', 'x', now(), now(), now(), 'no such mailbox')`;
  await stores.db`
    insert into job_cursors (job, processed_until)
    values ('health_check', now() - interval '5 minutes')`;
  const second = await run({ ...at, WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8" });
  assert.equal(named(second, "owners").result, "ok");
  assert.match(named(second, "second factor").found, /2 of 2 owners/);
  assert.match(named(second, "worker").found, /Was last seen/);
  assert.match(named(second, "webhooks").found, /Failing: broken\.invalid\./);
  const endpoints = named(second, "webhook endpoints");
  assert.deepEqual([endpoints.result, endpoints.found.split("\n").length], ["warning", 4], endpoints.found);
  assert.match(endpoints.found, /^https:\/\/broken\.invalid: its name cannot be resolved$/m);
  assert.match(endpoints.found, /^http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/m);
  assert.match(endpoints.found, /^http:\/\/10\.0\.0\.1: 10\.0\.0\.1 is a private address/m);
  assert.match(named(second, "failed mail").found, /no such mailbox/);
  await changeSetting(inStores, "requireSecondFactor", true);
  assert.match(named(await run(at), "second factor").next!, /next sign-in/);

  const url = new URL(stores.databaseUrl);
  const role = `reader_${url.pathname.slice(1)}`;
  await stores.db.unsafe(
    `create role ${role} login password 'r'; grant select on all tables in schema public to ${role}`,
  );
  url.username = role;
  url.password = "r";
  const privileges = named(await run({ DATABASE_URL: url.href }), "database privileges");
  assert.equal(privileges.result, "failure");
  await stores.db.unsafe(`drop owned by ${role}; drop role ${role}`);
  await stores.db.end();
});

test("notifications are sent by the pool's address and waited for at LISTEN_URL", async () => {
  assert.equal(named(await run(), "notifications").result, "ok");
  const other = await cloneStores();
  const elsewhere = named(await run({ LISTEN_URL: other.databaseUrl }), "notifications");
  assert.match(elsewhere.found, /another database/);
  await other.db.end();
  const nowhere = named(await run({ LISTEN_URL: "postgres://127.0.0.1:9/x" }), "notifications");
  assert.equal(nowhere.result, "failure");
});

test("the eviction policy of Redis is checked", async () => {
  const redis = new Redis(server.redisUrl);
  const [, before] = await redis.config("GET", "maxmemory-policy") as [string, string];
  await redis.config("SET", "maxmemory-policy", "noeviction");
  assert.equal(named(await run(), "redis eviction").result, "ok");
  await redis.config("SET", "maxmemory-policy", "allkeys-lru");
  assert.equal(named(await run(), "redis eviction").result, "failure");
  await redis.config("SET", "maxmemory-policy", before);
  redis.disconnect();
});

test("a test mail is sent on request", async () => {
  const findings = await run({}, { testMailTo: "me@example.com" });
  assert.match(named(findings, "mail server").found, /test mail to me@example\.com/);
  const received = await eventually(() =>
    Promise.resolve(mail.received.find(({ to }) => to === "me@example.com"))
  );
  assert.equal(received.subject, "Test mail of Latchkey");
});

test("server and mail server stop", async () => {
  await server.stop();
  await mail.stop();
});
