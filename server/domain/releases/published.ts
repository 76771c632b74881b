// The releases that a product has published, cached with their versions parsed.
import type { SemVer } from "semver";
import semver from "semver";
import type { Context } from "../context.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import type { ReleaseRow } from "./releases.ts";

export type PublishedRelease = ReleaseRow & { parsed: SemVer };

/** Newest version first. */
export interface PublishedReleases {
  all: readonly PublishedRelease[];
  /** Without pre-releases. */
  stable: readonly PublishedRelease[];
}

/** The published releases of a product. */
export async function getPublishedReleases(ctx: Context, productId: number): Promise<PublishedReleases> {
  const releases = await ctx.cache.getOrLoad(`releases of ${productId}`, async () => {
    const rows = await ctx.db<ReleaseRow[]>`
      select *
      from releases
      where product_id = ${productId} and deleted_at is null`;
    const all = rows
      .map((row) => ({ ...row, parsed: semver.parse(row.version)! }))
      .sort((a, b) => b.parsed.compare(a.parsed) || b.parsed.compareBuild(a.parsed));
    const stable = all.filter((release) => release.parsed.prerelease.length === 0);
    return { value: { all, stable }, invalidationTag: tagOf("product", productId) };
  });
  return releases!;
}
