// The trial that a machine had of a product.
import type { Context } from "../context.ts";
import type { LicenseRow } from "../licenses/license.ts";
import { comparable } from "../text.ts";

/** The license of a trial. */
export interface LicenseOfTrial extends LicenseRow {
  /** Whether it still belongs to no user, and to the customer of the product's trials. */
  isAnonymous: boolean;
}

/** The license of the trial that a machine had of a product; null when it had none. */
export async function findMachineTrial(
  ctx: Context,
  { productId, hardwareId }: { productId: number; hardwareId: string },
): Promise<LicenseOfTrial | null> {
  const [license] = await ctx.db<LicenseOfTrial[]>`
    select l.*, l.user_id is null and c.product_id is not null as is_anonymous
    from trials t
    join licenses l on l.id = t.license_id
    left join trial_customers c on c.product_id = l.product_id and c.customer_id = l.customer_id
    where t.hardware_id = ${comparable(hardwareId)} and t.product_id = ${productId}`;
  return license ?? null;
}
