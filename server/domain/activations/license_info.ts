// What an app can read about its license: terms, customer and machines.
import type { Context } from "../context.ts";
import { getLicenseByKey, type LicenseWithCustomer } from "../licenses/get_by_key.ts";
import type { ActivationRow } from "./activation.ts";

export interface LicenseInfo {
  license: LicenseWithCustomer;
  /** All activations, inactive ones too, the newest first. */
  activations: ActivationRow[];
}

/**
 * A license by its key, with its activations.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export async function getLicenseInfo(ctx: Context, licenseKey: string): Promise<LicenseInfo> {
  const license = await getLicenseByKey(ctx, licenseKey);
  const activations = await ctx.db<ActivationRow[]>`
    select *
    from activations
    where license_id = ${license.id}
    order by id desc`;
  return { license, activations };
}
