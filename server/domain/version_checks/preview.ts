// The preview of update checks: what apps of given versions are offered today.
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { getProduct } from "../products/products.ts";
import { chooseUpdate, releasesAfter } from "../releases/find_update.ts";
import { getPublishedReleases } from "../releases/published.ts";
import { parseVersion } from "../releases/version.ts";

export interface UpdatePreview {
  /** The version as it was given. */
  version: string;
  /** False when it is malformed; an app that reports it is offered no update. */
  isVersion: boolean;
  updateAvailable: boolean;
  isMandatory: boolean;
  /** The release that is offered; null when nothing is published. */
  latest: { id: number; version: string } | null;
  /** The newest mandatory release after the version. */
  because: { id: number; version: string } | null;
}

/**
 * The update checks of apps of these versions.
 *
 * @throws DomainError `NOT_FOUND` when the product does not exist
 */
export async function previewUpdates(
  ctx: Context,
  query: { productId: number; versions: string[] },
): Promise<UpdatePreview[]> {
  requireRole(ctx, "viewer");
  await getProduct(ctx, query.productId);
  const releases = await getPublishedReleases(ctx, query.productId);
  const pick = (release: { id: number; version: string } | null | undefined) =>
    release ? { id: release.id, version: release.version } : null;
  return query.versions.map((version) => {
    const current = parseVersion(version);
    const { latest, ...update } = chooseUpdate(releases, current);
    const because = releasesAfter(releases, current).newer.find(({ isMandatory }) => isMandatory);
    return { version, isVersion: current !== null, ...update, latest: pick(latest), because: pick(because) };
  });
}
