// Is there an update for the version an app runs? Its license says which product that is.
import type { Context } from "../context.ts";
import { refuse } from "../refusals.ts";
import { listReleases, type Offer, offerUpdate, readVersion } from "../releases.ts";
import { getLicense } from "./info.ts";

/**
 * What an app of a version is offered. A license that is expired or switched off is told as well: an update may be
 * what mends it.
 *
 * @throws Refusal `INVALID_REQUEST` when the version is none, `INVALID_LICENSE`
 */
export async function checkVersion(
  ctx: Context,
  input: { licenseKey: string; currentVersion: string },
): Promise<Offer> {
  const current = readVersion(input.currentVersion);
  if (!current) {
    refuse("INVALID_REQUEST", { field: "current_version", reason: "not_a_version" }, {
      message: "current_version must be a version, such as 1.2.3.",
    });
  }
  const license = await getLicense(ctx, input.licenseKey);
  return offerUpdate(await listReleases(ctx, license.productId), current);
}
