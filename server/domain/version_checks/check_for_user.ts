// Is there an update for the version a user's app runs? Their license says which product that is; without one it is
// the product of the trial, which is what somebody without a license runs.
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { listReleases, type Offer, offerUpdate, readVersion } from "../releases/releases.ts";
import { findEntitlement } from "../entitlements/entitlement.ts";

/**
 * What an app of a version is offered.
 *
 * @param user null for nobody in particular
 * @throws DomainError `INVALID_REQUEST` when the version is none
 */
export async function checkUserVersion(
  ctx: Context,
  user: { id: number; deviceId: string | null } | null,
  currentVersion: string,
): Promise<Offer> {
  const current = readVersion(currentVersion);
  if (!current) {
    refuse("INVALID_REQUEST", { field: "currentVersion", reason: "not_a_version" });
  }
  const entitlement = user && await findEntitlement(ctx, user.id, user.deviceId);
  const productId = entitlement?.productId ?? await findTrialProduct(ctx);
  if (productId === null) return { updateAvailable: false, latest: null, isMandatory: false };
  return offerUpdate(await listReleases(ctx, productId), current);
}

/** The oldest product with the trial's plan, or the oldest of all. */
async function findTrialProduct(ctx: Context): Promise<number | null> {
  const [product] = await ctx.db<{ id: number }[]>`
    select p.id
    from products p
    where p.deleted_at is null
    order by
      not exists (
        select
        from plans pl
        where pl.product_id = p.id and pl.code = ${ctx.settings.trialPlan} and pl.deleted_at is null
      ),
      p.id
    limit 1`;
  return product?.id ?? null;
}
