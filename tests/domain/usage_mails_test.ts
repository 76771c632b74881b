// Mails to customers about metered use: one for each threshold in a period, and none while they are disabled.
import assert from "node:assert/strict";
import { queueCustomerMails } from "../../server/domain/mail/customers/queue_customer_mails.ts";
import type { MailContent, MailRow } from "../../server/domain/mail/mail.ts";
import { incrementUsage } from "../../server/domain/meters/take.ts";
import { makeLicense } from "../support/fixtures.ts";
import { monthly, use } from "../support/meters.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const email = "mia@example.com";

async function readMails(): Promise<(MailRow & MailContent)[]> {
  const { cipher } = await system.ctx();
  const rows = await system.db<MailRow[]>`select * from mails where recipient = ${email} order by id`;
  return rows.map((row) => ({
    ...row,
    ...JSON.parse(new TextDecoder().decode(cipher.decrypt("mail", row.body!))),
  }));
}

test("thresholds of a meter are mailed once in a period, the highest of those that are passed at once", async () => {
  const license = await makeLicense(await system.ctx(new Date("2030-08-01T12:00:00Z")), {
    customer: { name: "Mia", email },
  });
  await system.db`
    update licenses
    set meters = ${system.db.json({ exports: monthly(1000) })}
    where id = ${license.id}`;
  const count = async (time: string, amount: number, settings = { mailUsageReached: true }) => {
    const ctx = await system.ctx(new Date(time));
    await incrementUsage(ctx, use(license, amount));
    await system.settled();
    const off = { mailLicenseDelivered: false, ...settings };
    await queueCustomerMails({ ...ctx, settings: { ...ctx.settings, ...off } }, {
      publicUrl: "https://l.example",
      isReady: true,
    });
  };
  await count("2030-08-02T12:00:00Z", 799);
  assert.deepEqual(await readMails(), []);
  await count("2030-08-03T12:00:00Z", 1);
  await count("2030-08-04T12:00:00Z", 50);
  const [mail, ...others] = await readMails();
  assert.deepEqual(others, []);
  assert.match(mail.subject, /^Product product-.*: 80 % of exports used$/);
  assert.match(mail.text, /80 % of the exports that your license for [^]* includes are used: 800 of 1,000\./);
  await count("2030-08-05T12:00:00Z", 150);
  await count("2030-09-01T12:00:00Z", 900);
  await count("2030-10-01T12:00:00Z", 900, { mailUsageReached: false });
  const shares = (await readMails()).map(({ subject }) => subject.match(/\d+ %/)![0]);
  assert.deepEqual(shares, ["80 %", "100 %", "90 %"]);
});
