// Templates of mails: what is refused and where, escaping, the layout of text and HTML, local times, and saving, resetting and
// previewing a template.
import assert from "node:assert/strict";
import { setPreference } from "../../server/domain/administrators/preferences.ts";
import { replacePassword } from "../../server/domain/administrators/change_password.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { lockAdministrator } from "../../server/domain/administrators/lock_administrator.ts";
import { inTransaction } from "../../server/domain/context.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { mailKindNames, mailKinds } from "../../server/domain/mail/kinds/kinds.ts";
import { layOut, textColorOn } from "../../server/domain/mail/layout.ts";
import { writeDay, writeInstant } from "../../server/domain/mail/local_time.ts";
import { listReadableMails } from "../../server/domain/mail/mail.ts";
import { brandOf, greetingName, queueMail, shownName } from "../../server/domain/mail/queue.ts";
import { parseTemplate } from "../../server/domain/mail/template.ts";
import {
  layOutSample,
  listTemplates,
  previewTemplate,
  resetTemplate,
  saveTemplate,
} from "../../server/domain/mail/templates.ts";
import { settingsSchema } from "../../server/domain/settings/schema.ts";
import { describeApiError } from "../../server/request/error_form.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx();
const brand = { name: "Pixel & Co", logo: "", color: "#2f54c4", footer: "" };
const invitation = mailKinds.administratorInvitation;

/** The refusal of a template of invitations, in words. */
function refusal(body: string, subject = "Hello"): string {
  try {
    parseTemplate(invitation, { subject, body });
  } catch (error) {
    assert.ok(error instanceof DomainError);
    return describeApiError(error).message;
  }
  return "accepted";
}

test("a template is refused with the place of what is wrong", () => {
  const link = "\n\n[Go]({{link}})";
  const cases: [body: string, said: RegExp, subject?: string][] = [
    [
      `Hello\n\n  {{nam}}${link}`,
      /^Line 3, character 3: there is no variable \{\{nam\}\}\. Known variables: .*inviter/,
    ],
    [`{{constructor}}${link}`, /^Line 1, character 1: there is no variable/],
    [`{{#each role}}${link}`, /there is no variable \{\{#each role\}\}/],
    [`{{{role}}}${link}`, /there is no variable/],
    [`Hello {{name${link.replace("}}", "")}`, /^Line 1, character 7: .* is not closed/],
    [`Hello name}}${link}`, /^Line 1, character 11: \}\} has no \{\{ before it/],
    ["Hello", /^Text: the variable \{\{link\}\} is missing/],
    [`Press [Go]({{link}}) now`, /^Line 1, character 7: a button needs a paragraph of its own/],
    [`[Go]({{name}})${link}`, /^Line 1, character 6: a button leads to a link variable/],
    [`[Go](javascript:alert(1))${link}`, /a button needs|a button leads/],
    [`[Go](http://example.com)${link}`, /a button leads/],
    [`[Go](https://{{name}}.example.com)${link}`, /a button leads/],
    [`Hello${link}`, /^Subject, character 5: \{\{link\}\} is a link or key/, "Go: {{link}}"],
    [`Hello${link}`, /^Subject, character 3: there is no variable \{\{x\}\}/, "A {{x}}"],
  ];
  for (const [body, said, subject] of cases) assert.match(refusal(body, subject), said, body);
  assert.equal(refusal(`[Renew](https://shop.example.com/?to={{name}})${link}`), "accepted");
  const needsKey = (body: string) => () =>
    parseTemplate(mailKinds.licenseDelivered, { subject: "Key", body });
  assert.throws(
    needsKey("{{licenseKey}} of {{plan}}"),
    { code: "INVALID_REQUEST" },
    "left out without a plan",
  );
  assert.doesNotThrow(needsKey("{{licenseKey}}\n\n{{plan}}"));
  assert.equal(refusal("Hello {{ name }}\r\n\r\n[Go]({{link}})"), "accepted");
});

test("every standard template is accepted, laid out, and says in text what it says in HTML", () => {
  for (const kind of mailKindNames) {
    const { subject, text, html } = layOutSample(kind, null, brand);
    assert.doesNotMatch(subject + text + html, /\{\{|\}\}|undefined|null/, kind);
    for (const paragraph of text.split("-- \n")[0].trim().split("\n\n")) {
      assert.match(paragraph, /^[\p{Lu}\d]/u, `${kind}: a sentence begins with a capital letter`);
    }
    assert.match(html, /^<!doctype html>[^]*prefers-color-scheme:dark[^]*<\/html>\n$/, kind);
    const shown = html.replace(/<style>[^]*?<\/style>|<title>[^]*?<\/title>|<[^>]+>/g, "")
      .replace(/&#39;/g, "'").replace(/&amp;/g, "&").replace(/&quot;/g, '"');
    const words = text.split("-- \n")[0].split(/\s+/).filter((word) => word !== "" && !word.includes("://"));
    for (const word of words) assert.ok(shown.includes(word.replace(/:$/, "")), `${kind}: ${word}`);
    const isForCustomers = mailKinds[kind].audience === "customers";
    assert.equal(text.includes("Unsubscribe"), isForCustomers, kind);
    assert.equal(html.includes("Unsubscribe"), isForCustomers, kind);
  }
});

test("values are escaped in HTML, encoded in addresses, and make no line of the header", () => {
  const nasty = '<img src=x onerror="alert(1)">&\'';
  const { subject, text, html } = layOut(
    parseTemplate(invitation, {
      subject: "Hello {{name}}",
      body:
        "Hi {{name}} of {{brand}}\n\n[Go {{role}}]({{link}})\n\n[Shop](https://shop.example.com/?a={{name}})",
    }),
    {
      variables: invitation.variables,
      values: {
        name: nasty,
        brand: brand.name,
        role: "a\r\nBcc: b@example.com",
        link: 'https://e.example/"><script>',
      },
      brand,
      unsubscribe: null,
    },
  );
  assert.ok(text.includes(nasty));
  assert.doesNotMatch(html, /<img|<script|onerror="|javascript:/);
  assert.match(html, /&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;&amp;&#39; of Pixel &amp; Co/);
  assert.match(html, /href="https:\/\/e\.example\/&quot;&gt;&lt;script&gt;"/);
  assert.match(html, /href="https:\/\/shop\.example\.com\/\?a=%3Cimg%20src%3Dx/);
  assert.doesNotMatch(subject, /[\r\n]/);
});

test("a paragraph with a variable that has no value is left out, and several keys are several lines", () => {
  const { variables } = mailKinds.licenseDelivered;
  const template = parseTemplate(mailKinds.licenseDelivered, {
    subject: "Keys",
    body: "{{licenseKey}}\n\nPlan: {{plan}}\n\nExpires: {{expiresOn}}",
  });
  const { text, html } = layOut(template, {
    variables,
    values: { licenseKey: ["AAAA", "BBBB"], plan: "", expiresOn: "25 November 2027" },
    brand,
    unsubscribe: "https://l.example/u",
  });
  assert.equal(
    text,
    "AAAA\nBBBB\n\nExpires: 25 November 2027\n\n-- \nPixel & Co\n\nUnsubscribe from these emails:\nhttps://l.example/u\n",
  );
  assert.match(html, />AAAA<\/span><br><span[^>]*>BBBB</);
  assert.doesNotMatch(html, /Plan/);
});

test("the brand is on every mail, and its button is readable in any color", () => {
  const logo = "https://cdn.example.com/logo.png?a=1&b=2";
  const { html, text } = layOutSample("signInLink", null, {
    name: "Pixel & Co",
    logo,
    color: "#ffee00",
    footer: "Pixel Co, 1 Main Street",
  });
  assert.match(html, /<img src="https:\/\/cdn\.example\.com\/logo\.png\?a=1&amp;b=2" alt="Pixel &amp; Co"/);
  assert.match(html, /background:#ffee00;color:#000000/);
  assert.match(html, /Pixel Co, 1 Main Street/);
  assert.match(text, /Pixel & Co\nPixel Co, 1 Main Street/);
  assert.deepEqual(["#000000", "#ffffff", "#2f54c4", "#ffee00"].map(textColorOn), [
    "#ffffff",
    "#000000",
    "#ffffff",
    "#000000",
  ]);
  const accepts = (name: "mailColor" | "mailLogo" | "mailReplyTo" | "mailBrand", value: string) =>
    settingsSchema.shape[name].safeParse(value).success;
  for (const color of ["red", "#fff", "#12345g", '#123456"']) assert.ok(!accepts("mailColor", color), color);
  for (const address of ["http://a.example/x.png", "javascript:alert(1)", 'https://a.example/"', "data:x"]) {
    assert.ok(!accepts("mailLogo", address), address);
  }
  assert.ok(accepts("mailLogo", "") && accepts("mailLogo", logo));
  assert.ok(
    !accepts("mailReplyTo", "x") && accepts("mailReplyTo", "help@example.com") && accepts("mailReplyTo", ""),
  );
  assert.ok(!accepts("mailBrand", "") && !accepts("mailBrand", "a\nb"));
});

test("times are those of the reader's zone, which is named, also where it changes to summer time", () => {
  const at = (text: string, zone: string | null) => writeInstant(new Date(text), zone);
  assert.equal(at("2026-11-25T21:08:02Z", null), "25 Nov 2026, 21:08 UTC");
  assert.equal(at("2026-11-25T21:08:02Z", "Nowhere/Land"), "25 Nov 2026, 21:08 UTC");
  assert.equal(at("2026-09-01T00:00:00Z", null), "1 Sep 2026, 00:00 UTC");
  assert.equal(at("2026-03-29T00:59:00Z", "Europe/Berlin").slice(0, 18), "29 Mar 2026, 01:59");
  assert.equal(at("2026-03-29T01:00:00Z", "Europe/Berlin").slice(0, 18), "29 Mar 2026, 03:00");
  assert.equal(at("2026-10-25T00:30:00Z", "Europe/Berlin").slice(0, 18), "25 Oct 2026, 02:30");
  assert.equal(at("2026-10-25T01:30:00Z", "Europe/Berlin").slice(0, 18), "25 Oct 2026, 02:30");
  assert.notEqual(at("2026-10-25T00:30:00Z", "Europe/Berlin"), at("2026-10-25T01:30:00Z", "Europe/Berlin"));
  assert.equal(at("2026-12-31T23:30:00Z", "Pacific/Auckland").slice(0, 17), "1 Jan 2027, 12:30");
  assert.equal(writeDay("2027-11-25"), "25 November 2027");
});

test("an administrator reads times in the zone of their preferences", async () => {
  const { id } = await createAdministrator(ctx, {
    email: "zone@example.com",
    name: "Zoe",
    role: "viewer",
    password: "a long pass phrase 42",
  });
  const me = { ...ctx, actor: { kind: "administrator", id, name: "Zoe", role: "viewer" } as const };
  await setPreference(me, { name: "timeFormat", value: { timeZone: "Asia/Tokyo", clock: null } });
  await inTransaction(ctx, async (ctx) => {
    const row = await lockAdministrator(ctx, id);
    await replacePassword(ctx, row, { passwordHash: "x", by: "password", exceptSession: null });
  });
  const [mail] = await listReadableMails(ctx);
  assert.equal(mail.subject, "Your password was changed");
  assert.match(mail.text, /^Hello Zoe,\n\n.* GMT\+9, with the old password/);
});

test("names greet, unless they would be a link in our mail", () => {
  assert.equal(greetingName("Grace Liu"), "Grace Liu");
  assert.equal(greetingName("J. R. Smith Jr."), "J. R. Smith Jr.");
  for (
    const name of ["", "  ", null, "Win at evil.example", "https://e.example", "www.evil", "x".repeat(61)]
  ) {
    assert.equal(greetingName(name), "there", String(name));
  }
  assert.equal(shownName("evil.example/x"), "");
});

test("an owner changes a template, mails are written with it, and the standard is put back", async () => {
  const { subject, body } = mailKinds.failedSignIns;
  const was = { subject, body };
  const is = { subject: "Careful, {{name}}", body: "{{failures}}\n\nOur team" };
  await saveTemplate(ctx, { kind: "failedSignIns", ...is, was });
  const values = { name: "Ann", failures: "3 passwords were wrong.", at: "now", network: "::1", advice: "-" };
  await queueMail(ctx, { kind: "failedSignIns", to: "ann@example.com", values });
  const [mail] = await listReadableMails(ctx);
  assert.deepEqual([mail.kind, mail.subject], ["failedSignIns", "Careful, Ann"]);
  assert.match(mail.text, /^3 passwords were wrong\.\n\nOur team\n/);

  const other = { ...is, subject: "Other" };
  await assert.rejects(saveTemplate(ctx, { kind: "failedSignIns", ...other, was }), {
    code: "CONFLICT",
    facts: { reason: "changed_since", subject: "mail_template" },
  });
  await assert.rejects(saveTemplate(ctx, { kind: "failedSignIns", subject: "x", body: "{{x}}", was: is }), {
    code: "INVALID_REQUEST",
  });
  const described = async () => (await listTemplates(ctx)).find(({ kind }) => kind === "failedSignIns")!;
  assert.deepEqual([(await described()).isChanged, (await described()).subject], [true, is.subject]);
  await resetTemplate(ctx, { kind: "failedSignIns", was: is });
  assert.deepEqual([(await described()).isChanged, (await described()).subject], [false, subject]);
  await assert.rejects(resetTemplate(ctx, { kind: "failedSignIns", was: is }), { code: "CONFLICT" });
  await assert.rejects(resetTemplate(ctx, { kind: "nothing", was: is }), { code: "NOT_FOUND" });
  const events = await ctx.db`select after from events where type = 'settings.template_changed' order by id`;
  assert.deepEqual(events.map(({ after }) => after.title), [is.subject, subject]);
});

test("a stored template that no longer fits its variables gives way to the standard one", async () => {
  await ctx.db`
    insert into mail_templates (kind, subject, body, updated_at)
    values ('signInLink', 'Old {{gone}}', '{{gone}}', ${ctx.now})`;
  await queueMail(ctx, {
    kind: "signInLink",
    to: "old@example.com",
    values: { name: "A", link: "https://l.example/x" },
  });
  assert.equal((await listReadableMails(ctx))[0].subject, "Your sign-in link");
});

test("only owners who have just shown who they are change templates; a preview changes nothing", async () => {
  const as = (role: "owner" | "manager") => ({
    ...ctx,
    actor: { kind: "administrator", id: 1, name: "Olga", role } as const,
  });
  const text = { kind: "alertRaised", subject: "x", body: "{{message}}" };
  const was = { subject: mailKinds.alertRaised.subject, body: mailKinds.alertRaised.body };
  await assert.rejects(async () => await listTemplates(as("manager")), { code: "FORBIDDEN" });
  await assert.rejects(saveTemplate(as("manager"), { ...text, was }), { code: "FORBIDDEN" });
  await assert.rejects(saveTemplate(as("owner"), { ...text, was }), { code: "REAUTHENTICATION_REQUIRED" });
  assert.throws(() => previewTemplate(as("manager"), text, { brand: brandOf(ctx) }), { code: "FORBIDDEN" });
  assert.match(previewTemplate(ctx, text, { brand: brandOf(ctx) }).text, /^Redis is not responding\n/);
  assert.throws(() => previewTemplate(ctx, { ...text, body: "{{x}}" }, { brand: brandOf(ctx) }), {
    code: "INVALID_REQUEST",
  });
  const rows = await ctx.db`select from mail_templates where kind = 'alertRaised'`;
  assert.equal(rows.length, 0);
});

test("the system closes", () => system.db.end());
