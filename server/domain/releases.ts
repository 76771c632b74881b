// Releases of a product, and what a caller of some version is offered. Versions are compared by Semantic Versioning
// 2.0.0 (section 11): 1.10.0 is newer than 1.9.0, and 2.0.0-beta.1 older than 2.0.0.
import { LRUCache } from "lru-cache";
import semver from "semver";
import { type Context, inTransaction, requireRole } from "./context.ts";
import { recordEvent } from "./events.ts";
import { refuse } from "./refusals.ts";

/** A row of `releases`. */
export interface ReleaseRow {
  id: number;
  productId: number;
  version: string;
  releaseDate: string;
  downloadUrl: string;
  releaseNotes: string;
  isMandatory: boolean;
  createdAt: Date;
  deletedAt: Date | null;
}

/** What a product has published, newest version first. */
export interface Releases {
  all: readonly Release[];
  /** Those that are no pre-releases. */
  stable: readonly Release[];
}

export type Release = ReleaseRow & { parsed: semver.SemVer };

/** What a caller is offered. */
export interface Offer {
  updateAvailable: boolean;
  /** The newest release meant for the caller, be it newer than the caller's or not; null when there is none. */
  latest: ReleaseRow | null;
  /** Whether any release between the caller's version and the latest has to be installed. */
  isMandatory: boolean;
}

/**
 * Publishes a release.
 *
 * @throws Refusal `INVALID_REQUEST` when the version is not a semantic one
 */
export async function publishRelease(
  ctx: Context,
  input: Omit<ReleaseRow, "id" | "createdAt" | "deletedAt">,
): Promise<ReleaseRow> {
  requireRole(ctx, "manager");
  const version = semver.parse(input.version);
  if (!version) refuse("INVALID_REQUEST", { field: "version", reason: "not_a_semantic_version" });
  return await inTransaction(ctx, async (ctx) => {
    const [release] = await ctx.db<ReleaseRow[]>`
      insert into releases (
        product_id, version, release_date, download_url, release_notes, is_mandatory, created_at
      ) values (
        ${input.productId}, ${version.raw}, ${input.releaseDate}, ${input.downloadUrl},
        ${input.releaseNotes}, ${input.isMandatory}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, {
      type: "release.published",
      subject: ["release", release.id],
      after: { productId: release.productId, version: release.version, isMandatory: release.isMandatory },
    });
    return release;
  });
}

/** The releases of a product. */
export async function listReleases(ctx: Context, productId: number): Promise<Releases> {
  const found = await ctx.memory.recall(`releases of ${productId}`, async () => {
    const rows = await ctx.db<ReleaseRow[]>`
      select *
      from releases
      where product_id = ${productId} and deleted_at is null`;
    const all = rows
      .map((row) => ({ ...row, parsed: semver.parse(row.version)! }))
      .sort((a, b) => b.parsed.compare(a.parsed) || b.parsed.compareBuild(a.parsed));
    const stable = all.filter((release) => release.parsed.prerelease.length === 0);
    return { value: { all, stable }, until: `product:${productId}` };
  });
  return found!;
}

/** Versions read before; apps in the field run few different ones. */
const versions = new LRUCache<string, { version: semver.SemVer | null }>({ max: 1000 });

/**
 * Reads a version as apps write it: also "1.2", "v1.2.3" and four-part numbers, of which the first three count.
 *
 * @returns null when it is no version at all
 */
export function readVersion(text: string): semver.SemVer | null {
  const known = versions.get(text);
  if (known) return known.version;
  const version = semver.parse(text, { loose: true }) ?? semver.coerce(text);
  versions.set(text, { version });
  return version;
}

/**
 * What a caller of a version is offered. Pre-releases are offered only to those who run one, and where nothing else
 * was ever published.
 *
 * @param current the caller's version; null when it is not known, and then no update is offered
 */
export function offerUpdate({ all, stable }: Releases, current: semver.SemVer | null): Offer {
  const meant = stable.length > 0 && !current?.prerelease.length ? stable : all;
  const known = current ? meant.findIndex((release) => release.parsed.compare(current) <= 0) : 0;
  const newer = meant.slice(0, known === -1 ? meant.length : known);
  return {
    updateAvailable: newer.length > 0,
    latest: meant[0] ?? null,
    isMandatory: newer.some((release) => release.isMandatory),
  };
}

/**
 * The latest release of a product, or of the only product.
 *
 * @param productCode as in `?product=`; null for the only one
 * @throws Refusal `NOT_FOUND` for an unknown product, `PRODUCT_REQUIRED` when there are several and none is named,
 *   `NO_RELEASE` when nothing was published
 */
export async function getLatestRelease(ctx: Context, productCode: string | null): Promise<ReleaseRow> {
  const bound = ctx.actor.kind === "api_key" ? ctx.actor.productId : null;
  const products = await ctx.memory.recall("products", async () => {
    const rows = await ctx.db<{ id: number; code: string }[]>`
      select id, code
      from products
      where deleted_at is null`;
    return { value: [...rows], until: "products" };
  });
  const visible = products!.filter((product) => bound === null || product.id === bound);
  const named = productCode === null ? visible : visible.filter((product) => product.code === productCode);
  if (productCode !== null && named.length === 0) {
    refuse("NOT_FOUND", { field: "product" }, { message: "There is no product of that code." });
  }
  if (named.length > 1) {
    refuse("PRODUCT_REQUIRED", { field: "product", products: named.map(({ code }) => code) });
  }
  const latest = named.length ? offerUpdate(await listReleases(ctx, named[0].id), null).latest : null;
  return latest ?? refuse("NO_RELEASE");
}
