// The update check of an app whose user signs in. The user's license determines the product; without one it is the
// product of the trial.
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { findEntitlement } from "../entitlements/entitlement.ts";
import { refuse } from "../errors.ts";
import { coveredReleases } from "../policy/app_version.ts";
import { chooseUpdate, type UpdateInfo } from "../releases/find_update.ts";
import { getPublishedReleases } from "../releases/published.ts";
import { parseVersion } from "../releases/version.ts";

/**
 * The update for a user's app.
 *
 * @param user null when signed out
 * @throws DomainError `INVALID_REQUEST` when the version begins with no number
 */
export async function checkUserVersion(
  ctx: Context,
  { user, currentVersion }: { user: { id: number; deviceId: string | null } | null; currentVersion: string },
): Promise<UpdateInfo> {
  const current = parseVersion(currentVersion);
  if (!current) refuse("INVALID_REQUEST", { field: "currentVersion", reason: "not_a_version" });
  const entitlement = user && await findEntitlement(ctx, user.id, user.deviceId);
  const productId = entitlement?.productId ?? await findTrialProduct(ctx);
  if (productId === null) return { updateAvailable: false, latest: null, isMandatory: false };
  const releases = await getPublishedReleases(ctx, productId);
  return chooseUpdate(releases, current, entitlement && coveredReleases(entitlement, dayOf(ctx.now)));
}

/** The oldest product with the trial plan, or the oldest product. */
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
