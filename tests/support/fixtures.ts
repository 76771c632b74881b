// Products, licenses and releases for tests, created with the domain's verbs.
import type { NewApiRequest } from "../../server/domain/api_requests/api_request.ts";
import type { CalendarDay } from "../../server/domain/calendar.ts";
import type { Context } from "../../server/domain/context.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { issueLicense, type NewLicense } from "../../server/domain/licenses/issue.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { createProduct, type ProductRow } from "../../server/domain/products/products.ts";
import type { Channel } from "../../server/domain/releases/version.ts";
import { publishRelease } from "../../server/domain/releases/releases.ts";

let number = 0;

/** A request that was answered, as it is logged. */
export function apiRequest(startedAt: Date, more: Partial<NewApiRequest> = {}): NewApiRequest {
  return {
    startedAt,
    requestId: `request-${++number}`,
    method: "POST",
    route: "/api/license/verify",
    path: "/api/license/verify",
    status: 200,
    code: null,
    durationMs: 1.5,
    network: "203.0.113.0/24",
    userAgent: "MyApp/1.2.0",
    actorKind: "anonymous",
    actorId: null,
    licenseId: null,
    activationId: null,
    customerId: null,
    userId: null,
    licenseText: null,
    seen: 1,
    kept: 1,
    requestBody: null,
    responseBody: null,
    ...more,
  };
}

export function makeProduct(ctx: Context, code = `product-${++number}`): Promise<ProductRow> {
  return createProduct(ctx, { code, name: `Product ${code}` });
}

/** A license that is valid today for five machines and ten users, by default. */
export async function makeLicense(
  ctx: Context,
  terms: Partial<NewLicense> & { customer?: { name: string; email: string } } = {},
): Promise<LicenseRow> {
  const { customer, ...given } = terms;
  const customerId = given.customerId ??
    (await createCustomer(ctx, customer ?? { name: `Customer ${++number}`, email: `c${number}@example.com` }))
      .id;
  const productId = given.productId ?? (await makeProduct(ctx)).id;
  return await issueLicense(ctx, { maxActivations: 5, maxUsers: 10, ...given, customerId, productId });
}

export async function makeRelease(
  ctx: Context,
  productId: number,
  version: string,
  more: { isMandatory?: boolean; releaseNotes?: string; releaseDate?: CalendarDay; channel?: Channel } = {},
) {
  return await publishRelease(ctx, {
    productId,
    version,
    releaseDate: "2025-06-15",
    downloadUrl: `https://example.com/download/v${version}`,
    releaseNotes: "Bug fixes and performance improvements",
    isMandatory: false,
    ...more,
  });
}
