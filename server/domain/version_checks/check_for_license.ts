// Is there an update for the version an app runs? Its license says which product that is.
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { getProduct } from "../products/products.ts";
import { refuse } from "../errors.ts";
import { listReleases, newerThan, type Offer, offerUpdate, readVersion } from "../releases/releases.ts";
import { getLicense } from "../activations/license_info.ts";

/**
 * What an app of a version is offered. A license that is expired or switched off is told as well: an update may be
 * what mends it.
 *
 * @throws DomainError `INVALID_REQUEST` when the version is none, `INVALID_LICENSE`
 */
export async function checkVersion(
  ctx: Context,
  input: { licenseKey: string; currentVersion: string },
): Promise<Offer> {
  const current = readVersion(input.currentVersion);
  if (!current) {
    refuse("INVALID_REQUEST", { field: "currentVersion", reason: "not_a_version" });
  }
  const license = await getLicense(ctx, input.licenseKey);
  return offerUpdate(await listReleases(ctx, license.productId), current);
}

/** What an app of a version would be told, and by which releases. */
export interface ExplainedOffer {
  /** As it was asked for. */
  version: string;
  /** Whether it is a version at all; an app that sends none is told of no update. */
  isVersion: boolean;
  updateAvailable: boolean;
  isMandatory: boolean;
  /** What it is offered; null when nothing was published. */
  latest: { id: number; version: string } | null;
  /** The newest release on the way there that has to be installed. */
  because: { id: number; version: string } | null;
}

/**
 * What apps of these versions would be told today.
 *
 * @throws DomainError `NOT_FOUND` when there is no such product
 */
export async function explainOffers(
  ctx: Context,
  query: { productId: number; versions: string[] },
): Promise<ExplainedOffer[]> {
  requireRole(ctx, "viewer");
  await getProduct(ctx, query.productId);
  const releases = await listReleases(ctx, query.productId);
  const named = (release: { id: number; version: string } | null | undefined) =>
    release ? { id: release.id, version: release.version } : null;
  return query.versions.map((version) => {
    const current = readVersion(version);
    const { latest, ...verdict } = offerUpdate(releases, current);
    const because = newerThan(releases, current).newer.find(({ isMandatory }) => isMandatory);
    return {
      version,
      isVersion: current !== null,
      ...verdict,
      latest: named(latest),
      because: named(because),
    };
  });
}
