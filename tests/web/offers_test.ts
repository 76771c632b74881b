// Five offers of vendors: each is made in the panel's plan editor without code, sold in the panel, used over the documented
// calls, and explained over REST and in the panel when it refuses. Days pass by changing the days of the license.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { addDays, type CalendarDay, dayOf, endOfPeriod, extendPeriod } from "../../server/domain/calendar.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { listLicenses } from "../../server/domain/licenses/list.ts";
import { listPlans } from "../../server/domain/plans/list.ts";
import { type Caller, makeAdministrator } from "../support/administrators.ts";
import { makeProduct, makeRelease } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const { server } = panel;
const ctx = () => server.ctx();
const manager: Caller = await makeAdministrator(server, "manager");
const today = dayOf(new Date());
const day = (days: number): CalendarDay => addDays(today, days);
const call = (path: string, body: object) => server.post(`/api/license/${path}`, body);

const section = (page: Page, title: string) => page.locator("summary", { hasText: title }).click();
const unit = (page: Page, label: string) => page.getByLabel(`${label}: days, months or years`);

/** Makes a plan in the plan editor; the example below its fields says what it means. */
async function makeOffer(
  code: string,
  { example, fill }: { example: RegExp[]; fill(page: Page): Promise<void> },
) {
  const product = await makeProduct(await ctx(), `product-${code}`);
  const { page, check } = await panel.visit(`/plan/new?productId=${product.id}`);
  await page.getByLabel("Name", { exact: true }).fill(`Offer ${code}`);
  await page.getByLabel("Code").fill(code);
  await fill(page);
  for (const sentence of example) {
    await page.getByRole("region", { name: "Example license" }).getByText(sentence).waitFor();
  }
  await check();
  await page.getByRole("button", { name: "Create plan" }).click();
  await page.getByRole("heading", { name: `Offer ${code}`, level: 1 }).waitFor();
  return product;
}

/** Sells a license of a plan in the panel. */
async function sell(code: string, productId: number, fill?: (page: Page) => Promise<void>) {
  const { id: customerId } = await createCustomer(await ctx(), { name: `Buyer of ${code}`, email: null });
  const { page, check } = await panel.visit(`/license/new?customerId=${customerId}&productId=${productId}`);
  const { rows: [plan] } = await listPlans(await ctx(), { productId });
  await page.getByLabel("Plan", { exact: true }).selectOption(String(plan.id));
  await fill?.(page);
  await check();
  await page.getByRole("button", { name: "Create license" }).click();
  await page.getByRole("heading", { name: /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/, level: 1 }).waitFor();
  return (await listLicenses(await ctx(), { customerId })).rows[0];
}

const change = async (id: number, changes: object) =>
  assert.equal((await manager.send("PATCH", `/api/admin/licenses/${id}`, changes)).status, 200);

/** What administrators are told, over REST and in the panel's license check. */
async function explain(
  { id }: { id: number },
  hardware: string,
  expected: { verify?: string; session?: string; check: string; shown: RegExp; query?: string },
) {
  const { body } = await manager.get(
    `/api/admin/licenses/${id}/explain?hardware_hash=${hardware}${expected.query ?? ""}`,
  );
  if (expected.verify) assert.equal(body.verify, expected.verify);
  if (expected.session) assert.equal(body.session, expected.session);
  const failed = body.checks.find(({ passed }: { passed: boolean }) => !passed);
  assert.equal(failed.name, expected.check);
  assert.ok(failed.remedies.length > 0);
  const { page, check } = await panel.visit(`/license/edit/${id}?machine=${hardware}`);
  const region = page.getByRole("region", { name: "License check" });
  await region.getByText(expected.shown).first().waitFor();
  await check();
}

/** Waits until an app is answered so: other servers hear of a change a moment later. */
async function answers(path: string, body: object, expected: object) {
  let last: unknown;
  await eventually(async () => {
    const reply = await call(path, body);
    last = { code: reply.body.code ?? reply.body.error?.code ?? reply.status };
    return JSON.stringify(last) === JSON.stringify(expected);
  }).catch(() => assert.deepEqual(last, expected));
}

test("a yearly subscription with 14 days of grace is renewed by months", async () => {
  const product = await makeOffer("yearly", {
    example: [/Stays valid as a grace period/, /After that apps are refused/],
    async fill(page) {
      await section(page, "After the expiration date");
      await page.getByLabel("Days of grace").fill("14");
    },
  });
  const license = await sell("yearly", product.id, async (page) => {
    await unit(page, "Renewed by").selectOption("M");
  });
  const first = endOfPeriod(today, "P1Y")!;
  assert.deepEqual([license.validUntil, license.duration, license.graceDays], [first.validUntil, "P1M", 14]);
  const machine = { license_key: license.key, hardware_hash: "yearly-1" };
  assert.equal((await call("activate", machine)).status, 201);
  await answers("verify", machine, { code: "VALID" });

  // The year is over: the app runs for 14 days more.
  await change(license.id, { valid_from: day(-380), valid_until: day(-14) });
  await answers("verify", machine, { code: "GRACE_PERIOD" });
  const { body } = await call("verify", machine);
  assert.deepEqual([body.valid, body.license.state, body.license.grace_ends], [true, "in_grace", today]);
  await change(license.id, { valid_until: day(-15) });
  await answers("verify", machine, { code: "LICENSE_EXPIRED" });
  await explain(license, "yearly-1", {
    verify: "LICENSE_EXPIRED",
    check: "not_expired",
    shown: /Renew for P1M|Renew for 1 month/,
  });

  // The customer pays for another month.
  await change(license.id, { valid_until: day(-3) });
  const renewed = await manager.post(`/api/admin/licenses/${license.id}/renew`);
  assert.equal(
    renewed.body.valid_until,
    extendPeriod({ validUntil: day(-3), anchorDay: null }, "P1M")!.validUntil,
  );
  await answers("verify", machine, { code: "VALID" });
});

test("a perpetual license has a year of updates, and runs their releases for ever", async () => {
  const product = await makeOffer("perpetual", {
    example: [/Never expires/, /Includes releases until/],
    async fill(page) {
      await page.getByLabel("Type").selectOption("perpetual");
      await unit(page, "Duration").selectOption({ label: "Perpetual" });
      await section(page, "Updates and versions");
      await page.getByLabel("Updates are included for").selectOption("Y");
    },
  });
  await makeRelease(await ctx(), product.id, "1.0.0", { releaseDate: day(-400) });
  await makeRelease(await ctx(), product.id, "2.0.0", { releaseDate: day(-10) });
  // It was bought 400 days ago.
  const license = await sell("perpetual", product.id, (page) => page.getByLabel("Starts").fill(day(-400)));
  const until = endOfPeriod(day(-400), "P1Y")!.validUntil;
  assert.deepEqual([license.type, license.validUntil, license.updatesUntil], ["perpetual", null, until]);
  const machine = { license_key: license.key, hardware_hash: "perpetual-1", app_version: "1.0.0" };
  assert.equal((await call("activate", machine)).status, 201);
  const { body } = await call("verify", machine);
  assert.deepEqual(
    [body.code, body.license.updates_until, body.update_available],
    ["VALID", until, false],
    "2.0.0 is not offered",
  );
  const newer = { ...machine, app_version: "2.0.0" };
  await answers("verify", newer, { code: "VERSION_NOT_ENTITLED" });
  await answers("activate", { ...newer, hardware_hash: "perpetual-2" }, { code: "VERSION_NOT_ENTITLED" });
  assert.equal((await call("heartbeat", newer)).body.code, "VERSION_NOT_ENTITLED");
  await explain(license, "perpetual-1", {
    verify: "VERSION_NOT_ENTITLED",
    check: "updates_included",
    shown: /Version is not included: Updates until/,
    query: "&app_version=2.0.0",
  });
});

test("a floating license has 10 seats and a queue", async () => {
  const product = await makeOffer("floating", {
    example: [/10 concurrent users/],
    async fill(page) {
      await page.getByLabel("Activation limit").fill("50");
      await page.getByLabel("Concurrent users").fill("10");
      await section(page, "Concurrent users");
      await page.getByLabel("Wait in a queue").check();
    },
  });
  const license = await sell("floating", product.id);
  const machine = (number: number) => ({ license_key: license.key, hardware_hash: `floating-${number}` });
  const machines = Array.from({ length: 12 }, (_, number) => machine(number + 1));
  for (const each of machines) assert.equal((await call("activate", each)).status, 201);
  const started = await Promise.all(machines.slice(0, 10).map((each) => call("session/start", each)));
  assert.ok(started.every(({ status }) => status === 201));
  const refused = await call("session/start", machine(11));
  assert.deepEqual([refused.status, refused.body.error.code], [409, "SESSION_LIMIT_REACHED"]);
  const [waiting, next] = [
    await call("session/queue", machine(11)),
    await call("session/queue", machine(12)),
  ];
  assert.deepEqual([waiting.status, waiting.body.position, next.body.position], [202, 1, 2]);
  await explain(license, "floating-11", {
    session: "SESSION_LIMIT_REACHED",
    check: "seat_limit",
    shown: /10 of 10 concurrent users/,
  });
  assert.equal((await call("session/end", { session_id: started[3].body.session_id })).status, 200);
  const late = await call("session/queue", { ...machine(12), ticket: next.body.ticket });
  assert.deepEqual([late.status, late.body.position], [202, 2], "the seat is kept for the first");
  const seat = await call("session/queue", { ...machine(11), ticket: waiting.body.ticket });
  assert.deepEqual([seat.status, seat.body.active_sessions], [201, 10]);
});

test("a trial lasts 14 days from the first start, once on each device", async () => {
  const product = await makeOffer("trial", {
    example: [/Is valid for 14 days from its first activation/],
    async fill(page) {
      await page.getByLabel("Type").selectOption("trial");
      await unit(page, "Duration").selectOption("D");
      await page.getByLabel("Duration", { exact: true }).fill("14");
      await section(page, "Periods and renewal");
      await page.getByLabel("First period begins").selectOption("first_activation");
      await section(page, "Trials");
      await page.getByLabel("A trial can be started once for each").selectOption("machine");
    },
  });
  const start = (hardware: string) => call("trial", { hardware_hash: hardware, product: product.code });
  const trial = await start("trial-1");
  assert.deepEqual([trial.status, trial.body.valid_until], [201, day(13)]);
  const machine = { license_key: trial.body.license_key, hardware_hash: "trial-1" };
  await answers("verify", machine, { code: "VALID" });
  assert.equal((await start("trial-1")).body.license_key, trial.body.license_key, "the same one again");
  const { rows: [license] } = await listLicenses(await ctx(), { productId: product.id });
  await change(license.id, { valid_from: day(-14), valid_until: day(-1) });
  await answers("verify", machine, { code: "LICENSE_EXPIRED" });
  const again = await start("trial-1");
  assert.deepEqual([again.status, again.body.error.code], [403, "TRIAL_ALREADY_USED"]);
  await explain(license, "trial-1", {
    verify: "LICENSE_EXPIRED",
    check: "not_expired",
    shown: /Expired yesterday|Expired 1 day ago/,
  });
  assert.equal((await start("trial-2")).status, 201, "another device has its own");
});

test("1,000 exports a month are included, and 10 % more are admitted", async () => {
  const product = await makeOffer("exports", {
    example: [/1,000/],
    async fill(page) {
      await section(page, "Metered use");
      await page.getByRole("button", { name: "Add meter" }).click();
      await page.getByRole("group", { name: "New meter" }).getByLabel("Name").fill("exports");
      const meter = page.getByRole("group", { name: "exports" });
      await meter.getByLabel("Overage").selectOption({ label: "10 %" });
    },
  });
  const license = await sell("exports", product.id);
  assert.deepEqual(license.meters, { exports: { limit: 1000, period: "month", overage: 10 } });
  const take = (amount: number) =>
    call("usage/increment", { license_key: license.key, meter: "exports", amount });
  const all = await take(1000);
  assert.deepEqual([all.body.used, all.body.remaining, all.body.over_limit], [1000, 0, false]);
  const beyond = await Promise.all(Array.from({ length: 200 }, () => take(1)));
  assert.equal(beyond.filter(({ status }) => status === 200).length, 100, "exactly the overage");
  const refused = await take(1);
  assert.deepEqual(
    [refused.status, refused.body.error.code, refused.body.error.details.used],
    [403, "USAGE_LIMIT_REACHED", 1100],
  );
  const usage = await manager.get(`/api/admin/licenses/${license.id}/usage`);
  assert.match(JSON.stringify(usage.body), /"used":1100/);
  const { page, check } = await panel.visit(`/license/edit/${license.id}`);
  await page.getByRole("tab", { name: "Usage" }).click();
  await page.getByText("1,100 / 1,000 used").waitFor();
  await check();
});

test("browser and server close", () => panel.stop());
