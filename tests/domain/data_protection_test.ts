// Export and erasure of a customer's and a user's data: everything about the person is in one and gone after the other, and
// what counts and what is checked stays as it was.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { writeApiRequests } from "../../server/domain/api_requests/write.ts";
import { copyActivationTexts } from "../../server/domain/activations/search_texts.ts";
import { updateUser } from "../../server/domain/accounts/edit_user.ts";
import { requestLink, sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { updateCustomer } from "../../server/domain/customers/customers.ts";
import { applyErasures, erasePersonalData } from "../../server/domain/data_protection/erase.ts";
import { listErasures } from "../../server/domain/data_protection/erasures.ts";
import { exportPersonalData } from "../../server/domain/data_protection/export.ts";
import { recordActivity } from "../../server/domain/leads/activities.ts";
import { createContact } from "../../server/domain/leads/contacts.ts";
import { createLead } from "../../server/domain/leads/leads.ts";
import { setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { disableLicenses } from "../../server/domain/licenses/scheduled_changes.ts";
import { saveFailure } from "../../server/domain/mail/mail.ts";
import { openSubscriptions } from "../../server/domain/mail/subscriptions.ts";
import { listConditions } from "../../server/domain/monitoring/alert_conditions.ts";
import { updateAlerts } from "../../server/domain/monitoring/alerts.ts";
import { quoteName } from "../../db/backup/tables.ts";
import { apiRequest } from "../support/fixtures.ts";
import { personalColumns } from "../support/personal_columns.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";
import { queueTextMail } from "../support/text_mail.ts";
import { makeCatalogue, makeUser, makeUserLicense, startTestSession } from "../support/users.ts";

const system = await createTestSystem();
const ctx = await system.ctx();
const catalogue = await makeCatalogue(ctx);
const personal = ["petrosyan", "Anahit", "10.9.8.7", "+37410", "LAPTOP-OF-ANAHIT", "fingerprint-77"];

const noted = { notes: "Anahit called", tags: ["petrosyan"] };
const metadata = { nickname: { value: "Anahit", public: false } };

/** A person who is user and customer, and a contact of a lead. */
async function makePerson(mailbox: string) {
  const user = await makeUser(ctx, { email: `${mailbox}@petrosyan.example`, name: "Anahit P." });
  const license = await makeUserLicense(ctx, catalogue, user, "yearly");
  const { customerId } = license;
  await updateCustomer(ctx, { id: customerId, changes: { name: "Anahit Petrosyan", ...noted, metadata } });
  await updateUser(ctx, { id: user.id, changes: { name: "Anahit Petrosyan", ...noted, metadata } });
  await updateLicense(ctx, { id: license.id, changes: { ...noted, metadata } });
  const actor = { kind: "user", id: user.id, email: user.email } as const;
  await ctx.db`update licenses set machine_matching = 'any' where id = ${license.id}`;
  await activateLicense({ ...ctx, address: "10.9.8.7", actor }, {
    licenseKey: license.key,
    hardwareId: `fingerprint-77-${mailbox}`,
    machineName: "LAPTOP-OF-ANAHIT",
    appVersion: "1.0.0",
    components: { petrosyan: "a1b2c3" },
    metadata,
  });
  await startTestSession(ctx, user, `fingerprint-77-${mailbox}`);
  await ctx.db`update sessions set state_hash = 'fingerprint-77' where user_id = ${user.id}`;
  await requestLink(ctx, { purpose: "sign_in", email: user.email, name: "Anahit Petrosyan" });
  await sendRequestedLinks(ctx, "http://localhost");
  await fillLeads(user.email, customerId);
  await fillMails(user.email);
  await ctx.db`
    insert into anomalies (kind, subject, note, customer_id, license_id, facts, found_at, last_seen_at)
    values (
      'license_hopping', ${`machine:fingerprint-77-${mailbox}`}, 'Anahit called', ${customerId}, ${license.id},
      ${ctx.db.json({ machines: ["fingerprint-77"] })}, ${ctx.now}, ${ctx.now}
    )`;
  await writeApiRequests(ctx.db, [{
    ...apiRequest(ctx.now),
    path: "/api/license/petrosyan",
    network: "10.9.8.7/24",
    userAgent: "Anahit/1.0",
    licenseText: "fingerprint-77",
    requestBody: '{"hardware_hash": "fingerprint-77"}',
    responseBody: '{"machine_name": "LAPTOP-OF-ANAHIT"}',
    licenseId: license.id,
  }]);
  await ctx.db`
    insert into external_ids (dialect, kind, id, external_id, created_at)
    values ('license_api', 'user', ${user.id}, ${`petrosyan-${mailbox}`}, ${ctx.now})`;
  await fillAnswer(customerId);
  await system.settled();
  await copyActivationTexts(ctx);
  return { user, license, customerId };
}

/** A lead that became the customer, and a contact of another with refused rows of an import. */
async function fillLeads(email: string, customerId: number) {
  const lead = await createLead(ctx, { name: "A school", type: "school" });
  const person = { name: "Anahit Petrosyan", email: email.toUpperCase(), phone: "+37410" };
  const contact = await createContact(ctx, {
    institutionId: lead.id,
    ...person,
    position: "Anahit's office",
  });
  const activity = { kind: "call" as const, text: "Anahit called", contactId: contact.id };
  await recordActivity(ctx, { institutionId: lead.id, ...activity });
  const own = await createLead(ctx, {
    name: "Petrosyan and sons",
    type: "school",
    website: "https://petrosyan.example",
    city: "Petrosyan",
    country: "Petrosyan",
    ...noted,
  });
  await ctx.db`update institutions set customer_id = ${customerId} where id = ${own.id}`;
  await ctx.db`
    insert into jobs (kind, input, requested_at)
    values ('import_leads', '{}', ${ctx.now})`;
  await ctx.db`
    insert into job_invalid_rows (job_id, number, line, cells, errors)
    select max(id), 1, 2, ${ctx.db.json({ email: person.email })}, ${ctx.db.json([person.email])}
    from jobs`;
}

/** A mail that was given up, with the alert about it. */
async function fillMails(email: string) {
  await queueTextMail(ctx, { to: email, subject: "For Anahit", text: "Hello Anahit" });
  await openSubscriptions(ctx, [email]);
  const [mail] = await ctx.db<{ id: number; attempts: number }[]>`
    select id, attempts
    from mails
    order by id desc
    limit 1`;
  await saveFailure(ctx, mail, { reason: `550 <${email}> is unknown`, isPermanent: true });
  const measured = { machine: "m", loadPerCore: 0, queues: {}, databaseMs: 1, databaseDownMs: 0 };
  const conditions = await listConditions(ctx, measured);
  await updateAlerts(ctx, conditions.filter(({ kind }) => kind === "mail"));
}

/** A receiver of webhooks that repeats what it was told. */
async function fillAnswer(customerId: number) {
  await ctx.db`
    with webhook as (
      insert into webhooks (url, event_types, headers, secret, created_at, updated_at)
      values ('https://receiver.example', '{license.created}', '', '', ${ctx.now}, ${ctx.now})
      returning id
    ),
    delivery as (
      insert into webhook_deliveries (webhook_id, event_id, created_at)
      select webhook.id, (select max(id) from events where customer_id = ${customerId}), ${ctx.now}
      from webhook
      returning id
    )
    insert into webhook_attempts (delivery_id, attempted_at, milliseconds, status, answer)
    select id, ${ctx.now}, 1, 200, 'Thank you, Anahit'
    from delivery`;
}

/** The personal columns in which none of these texts occurs. */
async function columnsWithout(texts: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const [table, columns] of Object.entries(personalColumns)) {
    for (const column of columns) {
      const rows = await ctx.db.unsafe(
        `select from ${quoteName(table)} where ${quoteName(column)}::text ilike any($1::text[]) limit 1`,
        [texts.map((text) => `%${text}%`)],
      );
      if (rows.length === 0) found.push(`${table}.${column}`);
    }
  }
  return found;
}

/** The tables whose rows have one of these texts. */
async function tablesWith(texts: string[]): Promise<string[]> {
  const tables = await ctx.db<{ name: string }[]>`
    select relname as name
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
    order by relname`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await ctx.db.unsafe(
      `select from ${quoteName(name)} t where to_jsonb(t)::text ilike any($1::text[]) limit 1`,
      [texts.map((text) => `%${text}%`)],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}

async function counts() {
  const [row] = await ctx.db`
    select
      (select count(*) from licenses) as licenses,
      (select count(*) from activations) as activations,
      (select count(*) from customers) as customers,
      (select count(*) from events where type not like '%.erased' and type <> 'license.deactivated') as events`;
  return { ...row };
}

const person = await makePerson("anahit");

test("an export has everything about the person and no secret, and is recorded", async () => {
  const data = await exportPersonalData(ctx, { kind: "user", id: person.user.id });
  for (const [section, rows] of Object.entries(data)) {
    if (!Array.isArray(rows) || ["seats", "trials"].includes(section)) continue;
    assert.ok(rows.length > 0, `${section} is empty`);
  }
  const text = JSON.stringify(data);
  for (const part of personal) {
    assert.ok(text.toLowerCase().includes(part.toLowerCase()) || part === "10.9.8.7", part);
  }
  assert.doesNotMatch(text, /argon2|passwordHash|tokenHash|successor|"body"/);
  assert.deepEqual(
    JSON.parse(
      JSON.stringify((await exportPersonalData(ctx, { kind: "customer", id: person.customerId })).users),
    ),
    JSON.parse(JSON.stringify(data.users)),
  );
  assert.equal((await ctx.db`select from events where type like '%.data_exported'`).length, 2);
});

test("an erasure is refused while a license can be used, and for another name", async () => {
  const request = { kind: "customer", id: person.customerId, confirmation: "Anahit Petrosyan" } as const;
  await assert.rejects(erasePersonalData(ctx, { ...request, confirmation: "Anahit" }), {
    code: "INVALID_REQUEST",
  });
  await assert.rejects(erasePersonalData(ctx, request), {
    code: "CONFLICT",
    facts: { reason: "has_usable_licenses", subject: "customer", licenses: 1 },
  });
  await assert.rejects(erasePersonalData(ctx, { ...request, id: -1 }), { code: "NOT_FOUND" });
});

test("after an erasure nothing about the person is left, and what counts stays", async () => {
  const licenseIds = [person.license.id];
  await setLicensesEnabled(ctx, { ids: licenseIds, enabled: false, reason: "Anahit asked" });
  await disableLicenses(ctx, { licenseIds, at: "2099-01-01T00:00:00Z", reason: "Anahit leaves" });
  const before = await counts();
  assert.deepEqual(await columnsWithout(personal), [], "the person is in every personal column");
  const erased = await erasePersonalData(ctx, {
    kind: "customer",
    id: person.customerId,
    confirmation: "Anahit Petrosyan",
  });
  assert.deepEqual({ ...erased, events: 0 }, { customers: 1, users: 1, machines: 1, contacts: 1, events: 0 });
  assert.deepEqual(await tablesWith(personal), []);
  assert.deepEqual(await counts(), before);
  const [license] = await ctx
    .db`select activations_in_use, user_id from licenses where id = ${person.license.id}`;
  assert.deepEqual({ ...license }, { activationsInUse: 0, userId: null });
  assert.deepEqual(
    (await listErasures(ctx)).map(({ kind, id }) => ({ kind, id })),
    [{ kind: "customer", id: person.customerId }, { kind: "user", id: person.user.id }],
  );
  const types = await ctx.db`select type from events where type like '%.erased' order by type`;
  assert.deepEqual(types.map(({ type }) => type), ["customer.erased", "user.erased"]);
});

test("the audit log stays closed to every other change", async () => {
  await assert.rejects(ctx.db`update events set actor_name = null`, /append-only/);
});

test("a list of erasures is applied to a restored database, also where a license can be used", async () => {
  const other = await makePerson("ani");
  const erasedAt = ctx.now.toISOString();
  const list = [
    { kind: "user", id: other.user.id, erasedAt } as const,
    { kind: "user", id: 987_654, erasedAt } as const,
    { kind: "customer", id: person.customerId, erasedAt } as const,
  ];
  assert.equal(await applyErasures(ctx, list), 1);
  assert.deepEqual(await tablesWith(personal), []);
  assert.equal(await applyErasures(ctx, list), 0);
});

test("a license of a company stays with it when its user is erased", async () => {
  const user = await makeUser(ctx, { email: "staff@company.example", name: "Staff" });
  const license = await makeUserLicense(ctx, catalogue, user, "yearly");
  await updateCustomer(ctx, {
    id: license.customerId,
    changes: { name: "Company", email: "office@company.example" },
  });
  await erasePersonalData(ctx, { kind: "user", id: user.id, confirmation: "Staff" });
  const [row] = await ctx.db`
    select c.name, l.is_active, l.user_id
    from licenses l
    join customers c on c.id = l.customer_id
    where l.id = ${license.id}`;
  assert.deepEqual({ ...row }, { name: "Company", isActive: true, userId: null });
});

test("the system closes", () => system.db.end());
