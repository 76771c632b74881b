// The first steps of a new installation: from a product to the first successful validation.
import { shownKey } from "../shown_key.ts";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";

export interface FirstSteps {
  product: boolean;
  plan: boolean;
  license: boolean;
  apiKey: boolean;
  activation: boolean;
  verification: boolean;
  /** The oldest license, for a trial call; null when there is none. */
  firstLicense:
    | { id: number; key: string; productId: number; productCode: string; productName: string }
    | null;
}

/** Which first steps are done. */
export async function getFirstSteps(ctx: Context): Promise<FirstSteps> {
  requireRole(ctx, "viewer");
  const [steps] = await ctx.db<Omit<FirstSteps, "firstLicense">[]>`
    select
      exists (select from products where deleted_at is null) as product,
      exists (select from plans where deleted_at is null) as plan,
      exists (select from licenses where deleted_at is null) as license,
      exists (select from api_keys where revoked_at is null) as api_key,
      exists (select from activations) as activation,
      exists (select from milestones where name = 'verification') as verification`;
  const [firstLicense = null] = await ctx.db<NonNullable<FirstSteps["firstLicense"]>[]>`
    select l.id, ${shownKey(ctx, ctx.db`l.key`)} as key, p.id as product_id,
      p.code as product_code, p.name as product_name
    from licenses l
    join products p on p.id = l.product_id
    where l.deleted_at is null
    order by l.id
    limit 1`;
  return { ...steps, firstLicense };
}
