// What an app may know of its license: the terms, the customer and the machines.
import type { ActivationRow } from "./activation.ts";
import type { Context } from "../context.ts";
import { canSeeProduct } from "../authorization.ts";
import { keyDigest, readKey, refuseKey } from "../licenses/key.ts";
import type { LicenseRow } from "../licenses/license.ts";

export interface LicenseInfo {
  license: LicenseRow & { customerName: string };
  /** Every machine that ever was activated, the newest first. */
  activations: ActivationRow[];
}

/**
 * A license by its key.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export async function getLicense(ctx: Context, keyText: string): Promise<LicenseInfo["license"]> {
  const key = readKey(keyText);
  if (key.checksumMismatch && !ctx.settings.acceptImportedKeys) refuseKey(key);
  const [license] = await ctx.db<LicenseInfo["license"][]>`
    select l.*, c.name as customer_name
    from licenses l
    join customers c on c.id = l.customer_id
    where l.key_digest = ${keyDigest(key)} and l.deleted_at is null`;
  if (!license || !canSeeProduct(ctx, license.productId)) refuseKey(key);
  return license;
}

/**
 * A license by its key, with its machines.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export async function getLicenseInfo(ctx: Context, keyText: string): Promise<LicenseInfo> {
  const license = await getLicense(ctx, keyText);
  const activations = await ctx.db<ActivationRow[]>`
    select *
    from activations
    where license_id = ${license.id}
    order by id desc`;
  return { license, activations };
}
