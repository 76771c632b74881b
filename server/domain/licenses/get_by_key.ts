// Looking a license up by its key.
import { canSeeProduct } from "../authorization.ts";
import { type Context, noteSubject } from "../context.ts";
import { hasKey, refuseUnknownKey, requireKey } from "./key.ts";
import type { LicenseRow } from "./license.ts";

export type LicenseWithCustomer = LicenseRow & { customerName: string };

/**
 * A license by its key.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export async function getLicenseByKey(ctx: Context, licenseKey: string): Promise<LicenseWithCustomer> {
  const key = requireKey(ctx, licenseKey);
  const [license] = await ctx.db<LicenseWithCustomer[]>`
    select l.*, c.name as customer_name
    from licenses l
    join customers c on c.id = l.customer_id
    where ${hasKey(ctx, ctx.db`l.key_digest`, key)} and l.deleted_at is null`;
  if (!license || !canSeeProduct(ctx, license.productId)) refuseUnknownKey(key);
  noteSubject(ctx, license.id, null);
  return license;
}
