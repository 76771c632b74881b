// The demo's users: the one of the API's documentation, and users in other states.
import { lockUser } from "../domain/accounts/lock_user.ts";
import { startSession } from "../domain/accounts/start_session.ts";
import { disableUser } from "../domain/accounts/disable_user.ts";
import { createUser } from "../domain/accounts/users.ts";
import { activateLicense } from "../domain/activations/activate.ts";
import { dayOf } from "../domain/calendar.ts";
import { type Context, inTransaction } from "../domain/context.ts";
import { createCustomer } from "../domain/customers/customers.ts";
import { issueLicense, type NewLicense } from "../domain/licenses/issue.ts";
import type { LicenseRow } from "../domain/licenses/license.ts";
import { incrementUsage } from "../domain/meters/take.ts";
import type { PlanRow } from "../domain/plans/plans.ts";

/** The credentials in the examples of the API's documentation. */
export const demoUser = { email: "user@example.com", password: "password123", name: "User Name" } as const;

/** `since`: days ago; `plan`: undefined without a license; `ends`: days until it expires, if not the plan's. */
const others: {
  name: string;
  since: number;
  plan?: string;
  ends?: number;
  devices?: string[];
  disabled?: boolean;
}[] = [
  { name: "Ada Winter", since: 210, plan: "yearly", ends: 155, devices: ["Studio", "Laptop", "Workshop"] },
  { name: "Ben Okafor", since: 96, plan: "perpetual", devices: ["OFFICE-01", "OFFICE-02"] },
  { name: "Chiara Conti", since: 2, plan: "trial", devices: ["MacBook"] },
  { name: "Dmitri Hale", since: 60, plan: "trial", devices: ["Tower"] },
  { name: "Elif Demir", since: 45, plan: "monthly", ends: 14, devices: ["Desk", "Travel"] },
  { name: "Finn Larsen", since: 5 },
  { name: "Grace Liu", since: 130, plan: "monthly", ends: 3, disabled: true },
];

/** Creates the demo's users and their licenses. */
export async function loadDemoUsers(
  daysAgo: (days: number) => Context,
  sold: PlanRow[],
): Promise<void> {
  const documented = daysAgo(20);
  const user = await createUser(documented, { ...demoUser, isDemo: true });
  // A year, so that the documented examples stay valid.
  const { key } = await give(daysAgo, sold, {
    id: user.id,
    ...demoUser,
    since: 20,
    plan: "monthly",
    ends: 365,
    terms: { meters: { exports: { limit: 200, period: "month", overage: 0 } } },
  });
  const use = { licenseKey: key, hardwareId: null, meter: "exports", amount: 126 };
  await incrementUsage({ ...daysAgo(0), actor: { kind: "anonymous" } }, use);
  for (const other of others) {
    const email = `${other.name.toLowerCase().replace(" ", ".")}@example.com`;
    const { id } = await createUser(daysAgo(other.since), { name: other.name, email });
    if (other.plan) await give(daysAgo, sold, { ...other, id, email, plan: other.plan });
    if (other.disabled) await disableUser(daysAgo(1), id);
  }
}

async function give(
  daysAgo: (days: number) => Context,
  sold: PlanRow[],
  to: {
    id: number;
    name: string;
    email: string;
    since: number;
    plan: string;
    ends?: number;
    devices?: string[];
    terms?: Partial<NewLicense>;
  },
): Promise<LicenseRow> {
  const ctx = daysAgo(to.since);
  const plan = sold.find(({ code }) => code === to.plan)!;
  const customer = await createCustomer(ctx, { name: to.name, email: to.email });
  const license = await issueLicense(ctx, {
    customerId: customer.id,
    productId: plan.productId,
    planId: plan.id,
    userId: to.id,
    ...to.terms,
    validUntil: to.ends === undefined ? undefined : dayOf(daysAgo(-to.ends).now),
  });
  const actor = { kind: "user", id: to.id, email: to.email } as const;
  for (const [number, machineName] of (to.devices ?? []).entries()) {
    const hardwareId = `demo-user-${to.id}-${number + 1}`;
    await activateLicense({ ...ctx, actor }, {
      licenseKey: license.key,
      hardwareId,
      machineName,
      appVersion: "1.1.0",
    });
    await inTransaction(
      { ...daysAgo(Math.min(number + 1, to.since)), actor },
      async (ctx) => startSession(ctx, await lockUser(ctx, to.id), hardwareId),
    );
  }
  return license;
}
