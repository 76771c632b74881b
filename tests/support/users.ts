// Fixtures for tests of user accounts: the demo's plans, users with licenses, and calls of the v2 API.
import { lockUser } from "../../server/domain/accounts/lock_user.ts";
import { startSession } from "../../server/domain/accounts/start_session.ts";
import { createUser, type UserRow } from "../../server/domain/accounts/users.ts";
import { type Context, inTransaction } from "../../server/domain/context.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { issueLicense, type NewLicense } from "../../server/domain/licenses/issue.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { createProduct, type ProductRow } from "../../server/domain/products/products.ts";
import { createPlan, type PlanRow } from "../../server/domain/plans/plans.ts";
import { plans } from "../../server/demo/catalogue.ts";
import { cheapHash } from "./cheap_hash.ts";
import type { Reply, TestServer } from "./server.ts";

export const password = "password123";

export interface Catalogue {
  product: ProductRow;
  plans: Record<string, PlanRow>;
}

/** Creates the demo's product with its plans. */
export async function makeCatalogue(ctx: Context): Promise<Catalogue> {
  const product = await createProduct(ctx, { code: "upload-bridge", name: "Upload Bridge" });
  const plansByCode: Record<string, PlanRow> = {};
  for (const plan of plans) {
    plansByCode[plan.code] = await createPlan(ctx, { ...plan, productId: product.id });
  }
  return { product, plans: plansByCode };
}

let number = 0;
/** Creates a user, by default with the password of the document. */
export async function makeUser(
  ctx: Context,
  given: { email?: string; name?: string; password?: string } = {},
): Promise<UserRow> {
  const email = given.email ?? `user${++number}@example.com`;
  const user = await createUser(ctx, { email, name: given.name ?? `User ${number}` });
  const passwordHash = await cheapHash(given.password ?? password);
  await ctx.db`update users set password_hash = ${passwordHash} where id = ${user.id}`;
  return { ...user, passwordHash };
}

/** Starts a session of a user, as a sign-in does, and returns its token. */
export function startTestSession(
  ctx: Context,
  user: { id: number },
  deviceId: string | null,
): Promise<string> {
  return inTransaction(ctx, async (ctx) => startSession(ctx, await lockUser(ctx, user.id), deviceId));
}

/** Creates a license of a plan and assigns it to a user. */
export async function makeUserLicense(
  ctx: Context,
  { product, plans }: Catalogue,
  user: UserRow,
  plan: string,
  terms: Partial<NewLicense> = {},
): Promise<LicenseRow> {
  const customer = await createCustomer(ctx, { name: user.name, email: user.email });
  return await issueLicense(ctx, {
    customerId: customer.id,
    productId: product.id,
    planId: plans[plan].id,
    userId: user.id,
    ...terms,
  });
}

/** Calls the v2 API, optionally with a session token. */
export async function callV2(
  server: TestServer,
  method: string,
  path: string,
  body?: unknown,
  token?: string | null,
): Promise<Reply> {
  const response = await fetch(`${server.url}/api/v2${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null };
}

/** Signs a user in. */
export function login(
  server: TestServer,
  email: string,
  deviceId?: string,
  more: Record<string, unknown> = {},
): Promise<Reply> {
  return callV2(server, "POST", "/auth/login", { email, password, device_id: deviceId, ...more });
}
