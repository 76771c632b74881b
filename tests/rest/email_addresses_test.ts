// Email addresses everywhere: who can be created can sign in, in any spelling of the address.
import assert from "node:assert/strict";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { PASSWORD } from "../support/administrators.ts";
import { refusalOf, signInToPanel } from "../support/panel.ts";
import { startMailReceiver } from "../support/mail.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, login } from "../support/users.ts";
import { sendMails } from "../../worker/jobs/send_mail.ts";
import { openMailer } from "../../worker/mailer.ts";

const server = await startTestServer();
const { client } = await signInToPanel(server, "owner");

/** Addresses that are created, and other spellings to sign in with. */
const accounts: [created: string, ...spellings: string[]][] = [
  ["Ann@Example.com", "ann@example.com", " ANN@EXAMPLE.COM. "],
  ["o'neil+tag@example.com", "O'Neil+Tag@example.com"],
  ["ann@müller.de", "ann@xn--mller-kva.de", "Ann@MÜLLER.DE", "ann@mu\u0308ller.de"],
  ["bob@xn--mller-kva.de", "bob@müller.de"],
  ["li@例え.jp", "li@xn--r8jz45g.jp", "LI@例え。jp"],
  [`${"x".repeat(64)}@example.com`],
];

test("a user signs in with every spelling of the address, by password and by link", async () => {
  for (const [created, ...spellings] of accounts) {
    const user = await client.users.create.mutate({ email: created, name: "User", password: PASSWORD });
    for (const email of [created, ...spellings]) {
      const reply = await login(server, email, undefined, { password: PASSWORD });
      assert.equal(reply.status, 200, `${email}: ${JSON.stringify(reply.body)}`);
      assert.equal(reply.body.user.id, String(user.id));
      const link = await callV2(server, "POST", "/auth/magic-link/request", { email });
      assert.equal(link.status, 200, JSON.stringify(link.body));
      const again = await refusalOf(client.users.create.mutate({ email, name: "Other" }));
      assert.equal(again.code, "CONFLICT", email);
    }
  }
  const done = await sendRequestedLinks(await server.ctx(), "https://l.example");
  assert.equal(done.skipped, 0);
});

test("an administrator who is created or invited signs in with every spelling", async () => {
  for (const [created, ...spellings] of accounts) {
    await createAdministrator(await server.ctx(), {
      email: created,
      name: "A",
      role: "viewer",
      password: PASSWORD,
    });
    for (const email of [created, ...spellings]) {
      const reply = await server.post("/api/admin/login", { email, password: PASSWORD }, {
        "x-api-key": null,
      });
      assert.equal(reply.status, 200, `${email}: ${JSON.stringify(reply.body)}`);
      const invited = await refusalOf(
        client.administrators.invite.mutate({ email, name: "Again", role: "viewer" }),
      );
      assert.equal(invited.code, "CONFLICT", email);
    }
  }
});

test("mail to international addresses is sent with A-labels", async () => {
  await server.db`delete from mails`;
  for (const email of ["ann@xn--mller-kva.de", "li@例え.jp"]) {
    await callV2(server, "POST", "/auth/magic-link/request", { email });
  }
  const ctx = await server.ctx();
  assert.equal((await sendRequestedLinks(ctx, "https://l.example")).mailed, 2);
  const receiver = await startMailReceiver();
  const mailer = openMailer({
    SMTP_URL: receiver.url,
    MAIL_FROM: "Latchkey <keys@example.com>",
    PUBLIC_URL: "https://l.example",
  });
  assert.deepEqual(await sendMails(ctx, { mailer, now: () => ctx.now }), { sent: 2, failed: 0 });
  const to = receiver.received.map((mail) => mail.to).sort();
  assert.deepEqual(to, ["ann@müller.de", "li@例え.jp"], "the receiver writes A-labels so");
  mailer.close();
  await receiver.stop();
});

test("what is not an address is refused by every call that takes one, and nothing is stored", async () => {
  for (
    const email of [
      "nobody",
      "a b@example.com",
      '"a"@example.com',
      "ann@127.0.0.1",
      `${"x".repeat(65)}@a.com`,
    ]
  ) {
    assert.equal((await refusalOf(client.users.create.mutate({ email, name: "U" }))).code, "INVALID_REQUEST");
    const invite = client.administrators.invite.mutate({ email, name: "U", role: "viewer" });
    assert.equal((await refusalOf(invite)).code, "INVALID_REQUEST");
    assert.equal(
      (await refusalOf(client.customers.create.mutate({ email, name: "U" }))).code,
      "INVALID_REQUEST",
    );
    for (const path of ["/auth/login", "/auth/magic-link/request"]) {
      const { status, body } = await callV2(server, "POST", path, { email, password: PASSWORD });
      assert.deepEqual([status, body.messages?.email], [400, [
        "The email field must be a valid email address.",
      ]]);
    }
    const unknown = await server.post("/api/admin/login", { email, password: PASSWORD }, {
      "x-api-key": null,
    });
    assert.equal(unknown.body.error.code, "SIGN_IN_FAILED");
  }
});

test("customers and contacts have their address in the stored form, or none", async () => {
  const customer = await client.customers.create.mutate({ name: "C", email: " Info@XN--MLLER-KVA.de. " });
  assert.equal(customer.email, "Info@müller.de");
  const changed = await client.customers.edit.mutate({ id: customer.id, changes: { email: "  " } });
  assert.equal(changed.email, null);
});
