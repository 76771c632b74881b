// Sending mail: from the transaction that enqueued it to a real SMTP server, with retries, leases and pruning.
import assert from "node:assert/strict";
import { getListedUser } from "../../server/domain/accounts/list_users.ts";
import { createUser } from "../../server/domain/accounts/users.ts";
import { listInvitations } from "../../server/domain/administrators/invitations.ts";
import { type Context, inTransaction } from "../../server/domain/context.ts";
import { listConditions } from "../../server/domain/monitoring/alert_conditions.ts";
import { listMails } from "../../server/domain/mail/list.ts";
import {
  claimMails,
  deleteOldMails,
  listReadableMails,
  type MailRow,
  renewMails,
  saveFailure,
} from "../../server/domain/mail/mail.ts";
import { queueMail } from "../../server/domain/mail/queue.ts";
import { sendMails } from "../../worker/jobs/send_mail.ts";
import { openMailer } from "../../worker/mailer.ts";
import { startMailReceiver } from "../support/mail.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";
import { queueTextMail } from "../support/text_mail.ts";

const receiver = await startMailReceiver();
const system = await createTestSystem();
const settings = {
  SMTP_URL: receiver.url,
  MAIL_FROM: "Latchkey <keys@example.com>",
  PUBLIC_URL: "https://l.example",
};
const mailer = openMailer(settings);
const now = new Date();
const after = (seconds: number) => system.ctx(new Date(now.getTime() + seconds * 1000));

/** Sends what is due at the time of the context. */
const send = (ctx: Context, by = mailer) => sendMails(ctx, { mailer: by, now: () => ctx.now });

/** The messages of the alerts about mail: about recipients, or about the server. */
async function alerts(ctx: Context, about = ""): Promise<string[]> {
  const measured = { machine: "m", loadPerCore: 0, queues: {}, databaseMs: 1, databaseDownMs: 0 };
  const conditions = await listConditions(ctx, measured);
  return conditions.filter(({ kind, subject }) => kind === "mail" && subject === about).map(({ message }) =>
    message
  );
}

async function rowFor(to: string): Promise<MailRow> {
  const [row] = await system.db<MailRow[]>`select * from mails where recipient = ${to}`;
  return row;
}

test("a mail is delivered unchanged, and its text is deleted", async () => {
  const ctx = await after(0);
  await queueTextMail(ctx, { to: "ann@example.com", subject: "Grüße", text: "A line.\n\n.\nÄnother line." });
  const waiting = await rowFor("ann@example.com");
  assert.ok(!new TextDecoder().decode(waiting.body!).includes("line"), "the text is stored encrypted");
  assert.deepEqual(await send(ctx), { sent: 1, failed: 0 });
  const mail = await receiver.next("ann@example.com");
  assert.equal(mail.subject, "Grüße");
  assert.equal(mail.text.trim(), "A line.\n\n.\nÄnother line.");
  assert.equal(mail.from, '"Latchkey" <keys@example.com>');
  assert.equal(mail.id, `<mail-${waiting.id}@l.example>`);
  assert.equal(mail.date?.getTime(), Math.floor(ctx.now.getTime() / 1000) * 1000, "the time of the context");
  const sent = await rowFor("ann@example.com");
  assert.equal(sent.body, null);
  assert.ok(sent.sentAt);
  assert.deepEqual(await send(await after(3600)), { sent: 0, failed: 0 });
});

test("a mail has text and HTML, the address for answers, and one click to unsubscribe", async () => {
  const ctx = await after(0);
  const branded = {
    ...ctx,
    settings: { ...ctx.settings, mailBrand: "Pixel & Co", mailReplyTo: "help@example.com" },
  };
  const uid = crypto.randomUUID();
  const link = "https://l.example/account/unsubscribe/licenseRenewed/0e5f";
  const renewal = {
    kind: "licenseRenewed",
    to: "both@example.com",
    values: { name: "Bo", product: "Grüße", license: ["****-8F2K"] },
    eventUid: uid,
    unsubscribe: link,
  } as const;
  assert.equal(await queueMail(branded, renewal), true);
  assert.equal(await queueMail(branded, renewal), false, "one mail for an event");
  assert.deepEqual(await send(ctx), { sent: 1, failed: 0 });
  const mail = await receiver.next("both@example.com");
  assert.match(mail.headers["content-type"], /^multipart\/alternative;/);
  assert.match(mail.text, /^Hello Bo,\n\nYour license for Grüße was renewed\./);
  assert.match(mail.html, /<span class="key"[^>]*>\*{4}-8F2K<\/span>/);
  assert.match(mail.html, /Pixel &amp; Co/);
  assert.equal(mail.replyTo, "help@example.com");
  assert.equal(mail.headers["list-unsubscribe"], `<${link}>`);
  assert.equal(mail.headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
  assert.equal(mail.headers["auto-submitted"], "auto-generated");
  assert.equal(mail.id, `<event-${uid}@l.example>`);

  await queueMail(ctx, { kind: "signInLink", to: "link@example.com", values: { name: "there", link } });
  await send(ctx);
  const { headers } = await receiver.next("link@example.com");
  assert.equal(headers["list-unsubscribe"], undefined, "what a person requested");
});

test("a mail of a transaction that was rolled back is never sent", async () => {
  const ctx = await after(0);
  await assert.rejects(inTransaction(ctx, async (ctx) => {
    await queueTextMail(ctx, { to: "unknown@example.com", subject: "Hello", text: "Hello" });
    throw new Error("undone");
  }));
  assert.deepEqual(await send(ctx), { sent: 0, failed: 0 });
});

test("two workers never send the same mail twice", async () => {
  const ctx = await after(0);
  for (let n = 0; n < 30; n++) {
    await queueTextMail(ctx, { to: `many${n}@example.com`, subject: "Hello", text: "Hello" });
  }
  const before = receiver.received.length;
  await Promise.all([1, 2, 3].map(() => send(ctx)));
  assert.equal(receiver.received.length - before, 30);
  assert.equal(new Set(receiver.received.map(({ id }) => id)).size, receiver.received.length);
});

test("a mail that fails temporarily is retried with backoff", async () => {
  receiver.answer(451);
  await queueTextMail(await after(0), { to: "later@example.com", subject: "Hello", text: "Hello" });
  assert.deepEqual(await send(await after(0)), { sent: 0, failed: 1 });
  assert.match((await rowFor("later@example.com")).lastError!, /not this one/);
  assert.deepEqual(await send(await after(9)), { sent: 0, failed: 0 }, "not immediately");
  assert.deepEqual(await send(await after(11)), { sent: 0, failed: 1 });
  assert.deepEqual(await send(await after(60)), { sent: 0, failed: 0 }, "later still");
  receiver.answer(null);
  assert.deepEqual(await send(await after(72)), { sent: 1, failed: 0 });
  await receiver.next("later@example.com");
});

test("a mail that is refused permanently is not retried", async () => {
  receiver.answer(550);
  await queueTextMail(await after(0), { to: "refused@example.com", subject: "Hello", text: "Hello" });
  assert.deepEqual(await send(await after(0)), { sent: 0, failed: 1 });
  receiver.answer(null);
  const row = await rowFor("refused@example.com");
  assert.ok(row.failedAt);
  assert.equal(row.body, null);
  assert.deepEqual(await send(await after(86_400)), { sent: 0, failed: 0 });
});

test("an address that the mail server refuses is not retried, shown where it was sent from, and raises an alert", async () => {
  const ctx = await after(0);
  const user = await createUser(ctx, { email: "gone@example.com", name: "Gone" });
  const actor = { kind: "administrator", id: 1, name: "Owner", role: "owner" } as const;
  await system.db`
    insert into administrator_invitations (email, name, role, token_hash, created_at, expires_at)
    values ('Gone@example.com', 'Gone', 'viewer', 'hash', ${now}, ${new Date(now.getTime() + 86_400_000)})`;
  const problems = async (at: Context) => [
    (await getListedUser(at, user.id)).mailProblem,
    (await listInvitations({ ...at, actor }))[0].mailProblem,
  ];
  await system.db`update mails set failed_at = null, sent_at = now() where failed_at is not null`;
  assert.deepEqual([await problems(ctx), await alerts(ctx)], [[null, null], []]);

  receiver.refuse({ recipient: ["gone@example.com", 550] });
  await queueTextMail(ctx, { to: "gone@example.com", subject: "Hello", text: "Hello" });
  assert.deepEqual(await send(ctx), { sent: 0, failed: 1 });
  assert.ok((await rowFor("gone@example.com")).failedAt);
  for (const problem of await problems(ctx)) assert.match(problem!, /mailbox unavailable/);
  const [message] = await alerts(ctx);
  assert.match(
    message,
    new RegExp(`^1 email could not be delivered .* user ${user.id}: .*mailbox unavailable`),
  );
  assert.doesNotMatch(message, /gone@/, "events keep the message, also when the person is erased");
  assert.deepEqual(await send(await after(86_000)), { sent: 0, failed: 0 });
  assert.deepEqual(await alerts(await after(86_401)), [], "for a day");

  receiver.refuse(null);
  await queueTextMail(await after(1), { to: "gone@example.com", subject: "Hello", text: "Hello" });
  assert.deepEqual(await send(await after(1)), { sent: 1, failed: 0 });
  assert.deepEqual(await problems(await after(1)), [null, null], "the next mail arrived");
});

test("a refusal of our sender or sign-in is no fault of the address: the mail waits", async () => {
  receiver.refuse({ sender: 553 });
  await queueTextMail(await after(2), { to: "waits@example.com", subject: "Hello", text: "Hello" });
  assert.deepEqual(await send(await after(2)), { sent: 0, failed: 1 });
  assert.equal((await rowFor("waits@example.com")).failedAt, null);
  receiver.refuse({ recipient: ["waits@example.com", 450] });
  assert.deepEqual(await send(await after(13)), { sent: 0, failed: 1 });
  assert.equal((await rowFor("waits@example.com")).failedAt, null, "a temporary refusal");
  receiver.refuse(null);
  assert.deepEqual(await send(await after(74)), { sent: 1, failed: 0 });
});

test("a mail whose worker died is sent by another within ten seconds, and one that is too old is not sent", async () => {
  const ctx = await after(0);
  await queueTextMail(ctx, { to: "left@example.com", subject: "Hello", text: "Hello" });
  // A worker that is killed while it sends.
  const [claimed] = await claimMails(ctx, 1);
  assert.equal(claimed.to, "left@example.com");
  const until = new Date(now.getTime() + 3_600_000);
  await queueTextMail(ctx, { to: "old@example.com", subject: "Hello", text: "Hello", until });
  await system.db`
    update mails
    set next_attempt_at = ${until}
    where recipient = 'old@example.com'`;
  assert.deepEqual(await send(await after(7)), { sent: 0, failed: 0 }, "its worker may be alive");
  await renewMails(await after(7), [claimed]);
  assert.deepEqual(await send(await after(14)), { sent: 0, failed: 0 }, "it was renewed");
  assert.deepEqual(await send(await after(16)), { sent: 1, failed: 0 });
  // The first worker was only slow: what it says changes nothing any more.
  await renewMails(await after(16), [claimed]);
  await saveFailure(await after(16), claimed, { reason: "too late", isPermanent: true });
  assert.equal((await rowFor("left@example.com")).failedAt, null);
  assert.deepEqual(await send(await after(3600)), { sent: 0, failed: 0 });
  assert.ok((await rowFor("old@example.com")).failedAt);
});

test("in development mail is readable without a mail server, in production it waits for one", async () => {
  const ctx = await after(4000);
  await queueTextMail(ctx, { to: "dev@example.com", subject: "Hello", text: "A link" });
  const withoutServer = openMailer({ ...settings, SMTP_URL: undefined });
  assert.deepEqual(await send(ctx, withoutServer), { sent: 0, failed: 0 });
  const development = openMailer({ ...settings, SMTP_URL: undefined, development: true });
  assert.deepEqual(await send(ctx, development), { sent: 1, failed: 0 });
  const [latest] = await listReadableMails(ctx);
  assert.equal(latest.text, "A link");
});

test("what became of a mail is listed where it was caused, by role", async () => {
  const ctx = await after(5000);
  await queueMail(ctx, {
    kind: "licenseExpired",
    to: "sam@example.com",
    values: { name: "Sam", product: "P", license: ["****"], expiresOn: "1 May 2030" },
    about: { licenseIds: [70, 71], customerId: 80, userId: 90 },
  });
  const viewer = { ...ctx, actor: { kind: "administrator", id: 1, name: "Vic", role: "viewer" } as const };
  const state = async () => {
    const [mail] = await listMails(viewer, { licenseId: 71 });
    assert.deepEqual(await listMails(viewer, { customerId: 80 }), [mail]);
    assert.deepEqual(await listMails(viewer, { userId: 90 }), [mail]);
    return [mail.title, mail.state, mail.attempts, mail.reason];
  };
  assert.deepEqual(await state(), ["License expired", "queued", 0, null]);
  receiver.refuse({ recipient: ["sam@example.com", 450] });
  await send(ctx);
  const [title, retrying, attempts, reason] = await state();
  assert.deepEqual([title, retrying, attempts], ["License expired", "retrying", 1]);
  assert.match(String(reason), /mailbox unavailable/);
  receiver.refuse(null);
  assert.deepEqual(await send(await after(5011)), { sent: 1, failed: 0 });
  assert.deepEqual(await state(), ["License expired", "sent", 2, null]);
  assert.deepEqual(await listMails(viewer, { licenseId: 72 }), []);
  await assert.rejects(listMails(viewer, { invitationId: 1 }), { code: "FORBIDDEN" });
  const holder = { ...ctx, actor: { kind: "user", id: 1, email: "u@example.com" } as const };
  await assert.rejects(listMails(holder, { licenseId: 71 }), { code: "FORBIDDEN" });
});

test("who waits for a link gets it before thousands of reminders are sent", async () => {
  const ctx = await after(6000);
  const values = { name: "Bo", product: "P", license: ["****"], expiresOn: "1 May 2030" };
  for (const to of ["r1@example.com", "r2@example.com", "r3@example.com"]) {
    await queueMail(ctx, { kind: "licenseExpired", to, values, eventUid: crypto.randomUUID() });
  }
  const later = await after(6001);
  await queueTextMail(later, { to: "waiting@example.com", subject: "Your link", text: "A link" });
  assert.deepEqual((await claimMails(later, 1)).map(({ to }) => to), ["waiting@example.com"]);
  assert.deepEqual(await send(await after(6020)), { sent: 4, failed: 0 });
});

test("owners are alerted when the mail server accepts nothing, and not when it defers one recipient", async () => {
  receiver.answer(451);
  await queueTextMail(await after(7000), { to: "stuck@example.com", subject: "Hello", text: "Hello" });
  for (const seconds of [7000, 7011, 7072]) await send(await after(seconds));
  assert.deepEqual(await alerts(await after(7500), "server"), [], "not at once");
  const [message] = await alerts(await after(7601), "server");
  assert.match(message, /^The mail server accepts no mail: .*not this one\. 1 email waits; check SMTP_URL/);
  receiver.answer(null);
  receiver.refuse({ recipient: ["stuck@example.com", 450] });
  await queueTextMail(await after(7602), { to: "passes@example.com", subject: "Hello", text: "Hello" });
  await send(await after(7602));
  assert.deepEqual(await alerts(await after(7603), "server"), [], "another mail passed");
  receiver.refuse(null);
  assert.deepEqual(await send(await after(9600)), { sent: 1, failed: 0 });
});

test("mails are pruned a month after they were sent", async () => {
  assert.equal(await deleteOldMails(await after(29 * 86_400)), 0);
  assert.ok(await deleteOldMails(await after(31 * 86_400)) > 30);
});

test("the mail server stops", async () => {
  mailer.close();
  await receiver.stop();
  await system.db.end();
});
