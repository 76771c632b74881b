// The update check of an app with a license key. The license determines the product.
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { getLicenseByKey } from "../licenses/get_by_key.ts";
import { coveredReleases } from "../policy/app_version.ts";
import { chooseUpdate, type UpdateInfo } from "../releases/find_update.ts";
import { getPublishedReleases } from "../releases/published.ts";
import { parseVersion } from "../releases/version.ts";

/**
 * The update for an app with a license. Expired and disabled licenses get one as well, because it may be what the user
 * needs to renew. No release is offered that the license does not cover.
 *
 * @throws DomainError `INVALID_REQUEST` when the version begins with no number, `INVALID_LICENSE`
 */
export async function checkVersion(
  ctx: Context,
  input: { licenseKey: string; currentVersion: string },
): Promise<UpdateInfo> {
  const current = parseVersion(input.currentVersion);
  if (!current) refuse("INVALID_REQUEST", { field: "currentVersion", reason: "not_a_version" });
  const license = await getLicenseByKey(ctx, input.licenseKey);
  const releases = await getPublishedReleases(ctx, license.productId);
  return chooseUpdate(releases, current, coveredReleases(license, dayOf(ctx.now)));
}
