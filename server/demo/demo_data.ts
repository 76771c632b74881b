// Demo data, for development only: the credentials of the API's documentation, and some months of a company's business.
// Created with the domain's verbs.
import { createApiKey } from "../domain/api_keys/api_keys.ts";
import { createAdministrator } from "../domain/administrators/create.ts";
import { activateLicense } from "../domain/activations/activate.ts";
import { deactivateMachine } from "../domain/activations/deactivate.ts";
import { dayOf } from "../domain/calendar.ts";
import type { Context } from "../domain/context.ts";
import { createCustomer } from "../domain/customers/customers.ts";
import { issueLicense } from "../domain/licenses/issue.ts";
import { setLicensesEnabled } from "../domain/licenses/manage.ts";
import { createProduct, type ProductRow } from "../domain/products/products.ts";
import { createPlan, type PlanRow } from "../domain/plans/plans.ts";
import { DomainError } from "../domain/errors.ts";
import { publishRelease } from "../domain/releases/releases.ts";
import { companies, plans, releases } from "./catalogue.ts";
import { demo } from "../demo_credentials.ts";
import { loadHistory } from "./history.ts";
import { loadJobs } from "./jobs.ts";
import { loadOffers } from "./licensed_offers.ts";
import { documentedTerms } from "./offers.ts";
import { loadLeads } from "./leads.ts";
import { loadResources } from "./resources.ts";
import { loadAnomalies } from "./anomalies.ts";
import { loadDemoUsers } from "./users.ts";
import { loadWebhook } from "./webhooks.ts";

/** Further administrators, with random passwords. */
const colleagues = [
  { email: "sam@example.com", name: "Sam Rivera", role: "manager" },
  { email: "kim@example.com", name: "Kim Osei", role: "viewer" },
] as const;

const DAY = 86_400_000;

/**
 * Loads the demo data.
 *
 * @param ctx the system's, with the present time; the data is older
 */
export async function loadDemoData(ctx: Context): Promise<void> {
  const daysAgo = (days: number): Context => ({ ...ctx, now: new Date(ctx.now.getTime() - days * DAY) });
  const product = await createProduct(daysAgo(400), { code: "upload-bridge", name: "Upload Bridge" });
  const sold: PlanRow[] = [];
  for (const plan of plans) sold.push(await createPlan(daysAgo(400), { ...plan, productId: product.id }));
  for (const { age, ...release } of releases) {
    const at = daysAgo(age);
    await publishRelease(at, {
      ...release,
      productId: product.id,
      releaseDate: dayOf(at.now),
    });
  }
  await createApiKey(daysAgo(390), {
    name: "Test key of the documentation",
    productId: null,
    key: demo.apiKey,
  });
  const admin = await createAdministrator(daysAgo(390), {
    ...demo.administrator,
    isDemo: true,
    name: "Alex Demo",
    role: "owner",
  });
  for (const colleague of colleagues) {
    await createAdministrator(daysAgo(200), { ...colleague, password: crypto.randomUUID() });
  }
  await loadDocumentedLicense(daysAgo(300), product);
  await loadDemoUsers(daysAgo, sold);
  for (const [number, company] of companies.entries()) {
    await loadCompany(daysAgo, product, sold, number, company);
  }
  await loadOffers(daysAgo, product.id);
  await loadResources(daysAgo);
  await loadLeads(daysAgo);
  await loadAnomalies(ctx, product.id);
  await loadHistory(daysAgo, product.id);
  const { id, name, role } = admin;
  await loadJobs({ ...ctx, actor: { kind: "administrator", id, name, role } }, product.id, sold[2].id);
  await loadWebhook(ctx);
}

/** The license of the API's documentation: ACME Corp, five activations, ten users, never expires. */
async function loadDocumentedLicense(ctx: Context, product: ProductRow): Promise<void> {
  const acme = await createCustomer(ctx, {
    name: "ACME Corp",
    email: "admin@acme.com",
    metadata: { crm_id: { value: 4700, public: false }, region: { value: "AMER", public: true } },
  });
  await issueLicense(ctx, {
    key: demo.licenseKey,
    customerId: acme.id,
    productId: product.id,
    type: "perpetual",
    validFrom: "2025-01-01",
    validUntil: null,
    maxActivations: 5,
    maxUsers: 10,
    metadata: { order: { value: "SO-2001", public: false }, support: { value: "priority", public: true } },
    ...documentedTerms,
  });
}

/** A customer with one or two licenses and their machines. The number selects the plan and state, so that all occur. */
async function loadCompany(
  daysAgo: (days: number) => Context,
  product: ProductRow,
  sold: PlanRow[],
  number: number,
  { name, email }: { name: string; email: string },
): Promise<void> {
  const since = 20 + (number * 37) % 320;
  const customer = await createCustomer(daysAgo(since), { name, email });
  for (let n = 0; n <= number % 2; n++) {
    const plan = sold[(number + n) % sold.length];
    const bought = daysAgo(since - n);
    const license = await issueLicense(bought, {
      customerId: customer.id,
      productId: product.id,
      planId: plan.id,
      // Most renew; some licenses have expired.
      validUntil: plan.duration === null || number % 5 === 0
        ? undefined
        : dayOf(daysAgo(-((number * 11) % 90) + 2).now),
    });
    const machines = Math.min(plan.maxActivations, 1 + (number * 3 + n) % 5);
    for (let machine = 1; machine <= machines; machine++) {
      const report = {
        licenseKey: license.key,
        hardwareId: `demo-${license.id}-${machine}`,
        machineName: `${name.split(" ")[0].toUpperCase()}-PC${String(machine).padStart(2, "0")}`,
        appVersion: releases[(number + machine) % releases.length].version,
      };
      await activateLicense({ ...bought, actor: { kind: "anonymous" } }, report).catch(ignoreRefusal);
      if ((number + machine) % 9 === 0) {
        const gone = 1 + (number * 5 + machine) % 17;
        await deactivateMachine({ ...daysAgo(gone), actor: { kind: "anonymous" } }, report).catch(
          ignoreRefusal,
        );
      }
    }
    if (number % 13 === 7) {
      await setLicensesEnabled(daysAgo(5), {
        ids: [license.id],
        enabled: false,
        reason: "Invoice is unpaid",
      });
    }
  }
}

/** Some of the demo's licenses have expired when their machines activate, which is refused. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof DomainError)) throw error;
}
