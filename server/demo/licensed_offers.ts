// Licenses of the demo's offers, with what happened to them: renewals, a grace period, updates that have ended, a device that
// lapsed, one that changed a part, one that was replaced, seats, trials and metered use.
import { activateLicense, type Machine } from "../domain/activations/activate.ts";
import { writeHeartbeats } from "../domain/activations/heartbeat_writes.ts";
import { lapseIdleActivations } from "../domain/activations/lapse.ts";
import { dayOf } from "../domain/calendar.ts";
import type { Context } from "../domain/context.ts";
import { createCustomer, type CustomerRow } from "../domain/customers/customers.ts";
import { issueFile } from "../domain/license_files/issue.ts";
import { issueLicense, type NewLicense } from "../domain/licenses/issue.ts";
import { correctLeaseChecksAhead } from "../domain/licenses/lease_checks.ts";
import type { LicenseRow } from "../domain/licenses/license.ts";
import { renewLicense } from "../domain/licenses/renew.ts";
import { disableLicenses } from "../domain/licenses/scheduled_changes.ts";
import { startMachineTrial } from "../domain/machine_trials/start.ts";
import type { Metadata } from "../domain/metadata.ts";
import { createPlan, type PlanRow } from "../domain/plans/plans.ts";
import { startSeat } from "../domain/seats/start.ts";
import { wireFileClaims } from "../request/wire_files.ts";
import { loadMeteredUse } from "./metered_use.ts";
import { offers } from "./offers.ts";

type DaysAgo = (days: number) => Context;
type Sold = Record<keyof typeof offers, PlanRow>;

const MINUTE = 60_000;

/** Creates the offers' plans, and sells each of them. */
export async function loadOffers(daysAgo: DaysAgo, productId: number): Promise<void> {
  const sold: Partial<Sold> = {};
  for (const [name, plan] of Object.entries(offers)) {
    sold[name as keyof typeof offers] = await createPlan(daysAgo(400), { ...plan, productId });
  }
  const plans = sold as Sold;
  await sellStudio(daysAgo, plans.grace);
  await sellLifetime(daysAgo, plans.perpetual);
  await sellFloating(daysAgo, plans.floating);
  await startTrials(daysAgo, plans.trial);
  await sellExports(daysAgo, plans.metered);
}

/** A license in its grace, one that is renewed by months and replaced a device, and one that will be disabled. */
async function sellStudio(daysAgo: DaysAgo, plan: PlanRow): Promise<void> {
  const late = await buy(daysAgo(380), "Marigold Workwear", { crm_id: 4711, region: "EMEA" });
  const inGrace = await sell(daysAgo(370), late, plan, { notes: "Reminded by phone." });
  await use(daysAgo(369), daysAgo(1), inGrace, ["OFFICE", "LAPTOP"]);

  const monthly = await buy(daysAgo(400), "Cobalt Kites", { crm_id: 4712, region: "APAC" });
  const renewed = await sell(daysAgo(399), monthly, plan, {
    duration: "P1M",
    validUntil: dayOf(daysAgo(36).now),
    metadata: metadataOf({ order: "SO-2318" }, { account_manager: "Kim Osei" }),
  });
  await renewLicense(daysAgo(36), renewed.id);
  await renewLicense(daysAgo(6), renewed.id);
  await use(daysAgo(398), daysAgo(120), renewed, ["OLD-TOWER"]);
  await use(daysAgo(300), daysAgo(0.2), renewed, ["CUTTING", "FRONT-DESK"]);
  // The full license replaces the device that was idle for months.
  await activate(daysAgo(3), renewed, machineOf("NEW-TOWER"));

  const ending = await buy(daysAgo(150), "Parchment & Twill", { crm_id: 4713, region: "EMEA" });
  const scheduled = await sell(daysAgo(149), ending, plan);
  await use(daysAgo(148), daysAgo(0.5), scheduled, ["ATELIER"]);
  await disableLicenses(daysAgo(2), {
    licenseIds: [scheduled.id],
    at: daysAgo(-12).now.toISOString(),
    reason: "Contract was cancelled",
  });
}

/** A license whose updates have ended before the newest releases, with a device that has a license file, and one with updates. */
async function sellLifetime(daysAgo: DaysAgo, plan: PlanRow): Promise<void> {
  const first = await buy(daysAgo(390), "Heron Boatworks", { crm_id: 4714, region: "AMER" });
  const old = await sell(daysAgo(380), first, plan, { updates: "P6M" });
  await use(daysAgo(379), daysAgo(0.3), old, ["DRAWING-ROOM"], "1.0.1");
  const boat = { ...machineOf("BOAT-NOTEBOOK"), appVersion: "1.0.1" };
  await issueFile(daysAgo(3), {
    activationId: await activate(daysAgo(3), old, boat),
    licenseKey: old.key,
    hardwareId: boat.hardwareId,
    components: null,
    ttl: null,
    isEncrypted: false,
    issuer: "http://localhost",
  }, wireFileClaims);
  const second = await buy(daysAgo(70), "Saffron Stitches", { crm_id: 4715, region: "APAC" });
  const current = await sell(daysAgo(69), second, plan);
  await use(daysAgo(68), daysAgo(0.1), current, ["IMAC", "MACBOOK"]);
}

/**
 * A license with all seats in use, a device that lapsed and one that is recognised although a part of it was replaced; and
 * one whose seats count for each device.
 */
async function sellFloating(daysAgo: DaysAgo, plan: PlanRow): Promise<void> {
  const customer = await buy(daysAgo(210), "Tern Technical College", { crm_id: 4716, region: "EMEA" });
  const license = await sell(daysAgo(205), customer, plan, {
    metadata: metadataOf({ contact: "it@tern.example" }, { order: "SO-2290" }),
  });
  const lab = Array.from({ length: 12 }, (_, n) => `LAB-PC${String(n + 1).padStart(2, "0")}`);
  await use(daysAgo(200), daysAgo(0), license, lab);
  const lost = { ...machineOf("LAB-LAPTOP"), components: componentsOf("LAB-LAPTOP") };
  await activate(daysAgo(44), license, lost);
  // The check is planned by the database's clock.
  await correctLeaseChecksAhead(daysAgo(13));
  await lapseIdleActivations(daysAgo(13));

  const parts = componentsOf("LAB-SERVER");
  const server = { ...machineOf("LAB-SERVER"), components: parts };
  await activate(daysAgo(180), license, server);
  const changed = {
    ...server,
    hardwareId: "demo-lab-server-2",
    components: { ...parts, disk: "demo-disk-new" },
  };
  await activate(daysAgo(4), license, changed);
  for (const [n, name] of lab.slice(0, 10).entries()) await startAt(daysAgo, 3 + 4 * n, license, name);

  const terminals = await sell(daysAgo(100), customer, plan, {
    seatScope: "machine",
    maxActivations: 4,
    maxUsers: 5,
    notes: "Terminal servers",
  });
  const servers = ["TERMINAL-1", "TERMINAL-2"];
  await use(daysAgo(99), daysAgo(0), terminals, servers);
  for (const [n, name] of [...servers, ...servers, servers[0]].entries()) {
    await startAt(daysAgo, 5 + 7 * n, terminals, name);
  }
}

/** Trials that devices started, of which one has ended, and one that an administrator issued and no device has started. */
async function startTrials(daysAgo: DaysAgo, plan: PlanRow): Promise<void> {
  for (const [name, days] of [["GARAGE", 25], ["KITCHEN", 12], ["DORM-LAPTOP", 2]] as const) {
    const ctx: Context = { ...daysAgo(days), actor: { kind: "anonymous" } };
    await startMachineTrial(ctx, { ...machineOf(name), product: null, plan: plan.code });
  }
  const visitor = await buy(daysAgo(5), "Juniper Quilts", { crm_id: 4717, source: "trade fair" });
  await sell(daysAgo(5), visitor, plan, { notes: "Key was handed out at the fair." });
}

/** A license with ten months of use and more devices than its limit. */
async function sellExports(daysAgo: DaysAgo, plan: PlanRow): Promise<void> {
  const customer = await buy(daysAgo(345), "Pixel & Thread Exports", { crm_id: 4718, region: "AMER" });
  const license = await sell(daysAgo(340), customer, plan, {
    meters: { ...plan.meters, previews: { limit: 250, period: "day", overage: 0 } },
    metadata: metadataOf({ cost_center: "Production" }, { order: "SO-2301" }),
  });
  await use(daysAgo(330), daysAgo(0.1), license, [
    "RENDER-1",
    "RENDER-2",
    "RENDER-3",
    "RENDER-4",
    "RENDER-5",
  ]);
  await loadMeteredUse(daysAgo, license);
}

function buy(
  ctx: Context,
  name: string,
  { region, ...others }: Record<string, string | number>,
): Promise<CustomerRow> {
  return createCustomer(ctx, {
    name,
    email: `office@${name.toLowerCase().replace(/[^a-z]+/g, "-")}.example`,
    metadata: metadataOf(region === undefined ? {} : { region }, others),
  });
}

function sell(
  ctx: Context,
  customer: CustomerRow,
  plan: PlanRow,
  terms: Partial<NewLicense> = {},
): Promise<LicenseRow> {
  return issueLicense(ctx, { ...terms, customerId: customer.id, productId: plan.productId, planId: plan.id });
}

/** Activates devices, and has them heard of later. */
async function use(
  from: Context,
  until: Context,
  license: LicenseRow,
  names: string[],
  appVersion = "1.1.0",
): Promise<void> {
  for (const name of names) {
    const activationId = await activate(from, license, {
      ...machineOf(name),
      appVersion,
      metadata: metadataOf({ location: name.split("-")[0].toLowerCase() }, {
        asset: `A-${name.length * 37}`,
      }),
    });
    await writeHeartbeats(until.db, [{ activationId, at: until.now, appVersion }]);
  }
}

async function activate(ctx: Context, license: LicenseRow, machine: Machine): Promise<number> {
  const { activation } = await activateLicense({ ...ctx, actor: { kind: "anonymous" } }, {
    ...machine,
    licenseKey: license.key,
  });
  return activation.id;
}

async function startAt(daysAgo: DaysAgo, minutes: number, license: LicenseRow, name: string): Promise<void> {
  const ctx = daysAgo(minutes * MINUTE / (24 * 60 * MINUTE));
  await startSeat({ ...ctx, actor: { kind: "anonymous" } }, {
    licenseKey: license.key,
    hardwareId: machineOf(name).hardwareId,
  });
}

function machineOf(name: string): Machine {
  return { hardwareId: `demo-${name.toLowerCase()}`, machineName: name, appVersion: "1.1.0" };
}

function componentsOf(name: string): Record<string, string> {
  return Object.fromEntries(
    ["board", "disk", "mac"].map((part) => [part, `demo-${part}-${name.toLowerCase()}`]),
  );
}

/** Metadata that apps read, and that they do not. */
function metadataOf(
  shown: Record<string, string | number>,
  hidden: Record<string, string | number>,
): Metadata {
  const entries = (values: Record<string, string | number>, isPublic: boolean) =>
    Object.entries(values).map(([key, value]) => [key, { value, public: isPublic }]);
  return Object.fromEntries([...entries(shown, true), ...entries(hidden, false)]);
}
