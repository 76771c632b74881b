// Links by mail over HTTP: sent to those who have an account, good once, for an hour, and for what they are for.
import assert from "node:assert/strict";
import { deleteOldLinks, requestLink, sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { disableUser } from "../../server/domain/accounts/users.ts";
import { listReadableMails } from "../../server/domain/mail/mail.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";

const server = await startTestServer();
const catalogue = await makeCatalogue(await server.ctx());
const now = new Date();
const after = (seconds: number) => server.ctx(new Date(now.getTime() + seconds * 1000));

async function makeMember(plan = "monthly") {
  const ctx = await server.ctx();
  const user = await makeUser(ctx);
  return { ...user, license: await makeUserLicense(ctx, catalogue, user, plan) };
}

/** Asks for a link and reads its token from the mail; null when none was sent. */
async function askForLink(email: string, at = 0): Promise<string | null> {
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

test("every request for a link is answered alike, and a link is sent to those who have an account", async () => {
  const { email } = await makeMember();
  const disabled = await makeMember();
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

test("a link is used once, also when 50 use it at once", async () => {
  const { email } = await makeMember();
  const token = (await askForLink(email))!;
  const replies = await Promise.all(Array.from({ length: 50 }, () => useLink(token)));
  const good = replies.filter(({ status }) => status === 200);
  assert.equal(good.length, 1);
  for (const { status, body } of replies.filter((reply) => reply !== good[0])) {
    assert.equal(status, 401);
    assert.deepEqual(body, { error: "Invalid or expired magic link token" });
  }
});

test("a link lasts an hour, a newer one ends the older, and only a hash is kept", async () => {
  const { email } = await makeMember();
  const old = (await askForLink(email, -3601))!;
  assert.equal((await useLink(old)).status, 401, "an hour old");
  const older = (await askForLink(email))!;
  const newer = (await askForLink(email))!;
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
  const { email } = await makeMember();
  await login(server, email, "A");
  await login(server, email, "B");
  const token = (await askForLink(email))!;
  assert.equal((await useLink(token, "C")).status, 403);
  assert.equal((await useLink(token, "B")).status, 200);
});

test("a link of one kind does not serve as another", async () => {
  const { email } = await makeMember();
  const ctx = await server.ctx();
  await requestLink(ctx, { purpose: "password", email });
  await sendRequestedLinks(ctx, "https://l.example");
  const [mail] = await listReadableMails(ctx);
  const token = mail.text.match(/password\/([0-9a-f]{64})/)![1];
  assert.equal((await useLink(token)).status, 401);
  assert.equal((await server.get(`/account/link/${token}`)).status, 410);
  assert.equal((await server.get(`/account/password/${token}`)).status, 200);
});

test("a link of a user who was disabled meanwhile is invalid", async () => {
  const member = await makeMember();
  const token = (await askForLink(member.email))!;
  await disableUser(await server.ctx(), member.id);
  assert.equal((await useLink(token)).status, 401);
});

test("links are forgotten after a week", async () => {
  assert.equal(await deleteOldLinks(await after(6 * 86_400)), 0);
  assert.ok(await deleteOldLinks(await after(8 * 86_400)) > 5);
});

test("the server of the links stops without having logged a token", async () => {
  await server.stop();
  assert.doesNotMatch(server.logged(), /[0-9a-f]{64}/);
});
