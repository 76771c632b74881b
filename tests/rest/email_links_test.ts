// Email links over HTTP: sent to existing accounts only, valid once, for an hour and for their purpose.
import assert from "node:assert/strict";
import { deleteOldLinks, requestLink, sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { disableUser } from "../../server/domain/accounts/disable_user.ts";
import { listReadableMails } from "../../server/domain/mail/mail.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";

const server = await startTestServer();
const catalogue = await makeCatalogue(await server.ctx());
const now = new Date();
const after = (seconds: number) => server.ctx(new Date(now.getTime() + seconds * 1000));

async function createUserWithLicense(plan = "monthly") {
  const ctx = await server.ctx();
  const user = await makeUser(ctx);
  return { ...user, license: await makeUserLicense(ctx, catalogue, user, plan) };
}

/** Requests a link and reads its token from the mail; null when none was sent. */
async function requestLinkToken(email: string, at = 0): Promise<string | null> {
  const ctx = await after(at);
  await requestLink(ctx, { purpose: "sign_in", email });
  const { mailed } = await sendRequestedLinks(ctx, "https://l.example");
  if (mailed === 0) return null;
  const [mail] = await listReadableMails(ctx);
  assert.equal(mail.recipient, email.toLowerCase());
  return mail.text.match(/https:\/\/l\.example\/account\/link\/([0-9a-f]{64})/)![1];
}

const useLink = (magic_link_token: string, device_id?: string) =>
  callV2(server, "POST", "/auth/login", { magic_link_token, device_id });

test("every link request has the same response, and a link is sent to enabled accounts only", async () => {
  const { email } = await createUserWithLicense();
  const disabled = await createUserWithLicense();
  await disableUser(await server.ctx(), disabled.id);
  const request = (email: string) => callV2(server, "POST", "/auth/magic-link/request", { email });
  const known = await request(email.toUpperCase());
  assert.equal(known.status, 200);
  assert.deepEqual((await request("unknown@example.com")).body, known.body);
  assert.deepEqual((await request(disabled.email)).body, known.body);
  const ctx = await server.ctx();
  await sendRequestedLinks(ctx, "https://l.example");
  const mails = await server.db`
    select recipient
    from mails
    where recipient in (${email}, 'unknown@example.com', ${disabled.email})`;
  assert.deepEqual(mails.map(({ recipient }) => recipient), [email]);
  assert.equal((await request("no address")).status, 400);
});

test("a link can be used once, also with 50 concurrent requests", async () => {
  const { email } = await createUserWithLicense();
  const token = (await requestLinkToken(email))!;
  const replies = await Promise.all(Array.from({ length: 50 }, () => useLink(token)));
  const accepted = replies.filter(({ status }) => status === 200);
  assert.equal(accepted.length, 1);
  for (const { status, body } of replies.filter((reply) => reply !== accepted[0])) {
    assert.equal(status, 401);
    assert.deepEqual(body, { error: "Invalid or expired magic link token" });
  }
});

test("a link is valid for an hour, is replaced by a newer one, and only its hash is stored", async () => {
  const { email } = await createUserWithLicense();
  const old = (await requestLinkToken(email, -3601))!;
  assert.equal((await useLink(old)).status, 401, "an hour old");
  const older = (await requestLinkToken(email))!;
  const newer = (await requestLinkToken(email))!;
  assert.equal((await useLink(older)).status, 401, "replaced");
  const rows = await server.db`select to_jsonb(m)::text as row from email_links m`;
  assert.ok(rows.every(({ row }) => !row.includes(newer)));
  const mails = await server.db`select to_jsonb(m)::text as row, body from mails m`;
  assert.ok(
    mails.every(({ row, body }) =>
      !row.includes(newer) && !new TextDecoder("latin1").decode(body).includes(newer)
    ),
  );
  const reply = await callV2(server, "POST", "/auth/magic-link/verify", {
    magic_link_token: newer,
    device_id: "L",
  });
  assert.equal(reply.status, 200);
  assert.equal(reply.body.entitlement_token.device_id, "L");
});

test("a link whose device is refused can still be used on a device that is not", async () => {
  const { email } = await createUserWithLicense();
  await login(server, email, "A");
  await login(server, email, "B");
  const token = (await requestLinkToken(email))!;
  assert.equal((await useLink(token, "C")).status, 403);
  assert.equal((await useLink(token, "B")).status, 200);
});

test("a link is refused for another purpose than its own", async () => {
  const { email } = await createUserWithLicense();
  const ctx = await server.ctx();
  await requestLink(ctx, { purpose: "password", email });
  await sendRequestedLinks(ctx, "https://l.example");
  const [mail] = await listReadableMails(ctx);
  const token = mail.text.match(/password\/([0-9a-f]{64})/)![1];
  assert.equal((await useLink(token)).status, 401);
  assert.equal((await server.get(`/account/link/${token}`)).status, 410);
  assert.equal((await server.get(`/account/password/${token}`)).status, 200);
});

test("a link of a user who has been disabled is invalid", async () => {
  const member = await createUserWithLicense();
  const token = (await requestLinkToken(member.email))!;
  await disableUser(await server.ctx(), member.id);
  assert.equal((await useLink(token)).status, 401);
});

test("links are pruned after a week", async () => {
  assert.equal(await deleteOldLinks(await after(6 * 86_400)), 0);
  assert.ok(await deleteOldLinks(await after(8 * 86_400)) > 5);
});

test("the server stops and has logged no token", async () => {
  await server.stop();
  assert.doesNotMatch(server.logged(), /[0-9a-f]{64}/);
});
