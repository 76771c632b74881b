// Releases of a product, and what a caller of some version is offered. Versions are compared by Semantic Versioning
// 2.0.0 (section 11): 1.10.0 is newer than 1.9.0, and 2.0.0-beta.1 older than 2.0.0.
import { LRUCache } from "lru-cache";
import semver from "semver";
import type { z } from "zod";
import { tagOf, tagOfAll } from "../events/catalogue/cache_tags.ts";
import { type Context, inTransaction } from "../context.ts";
import { canSeeProduct, requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import type { releaseChanges, releaseList } from "./inputs.ts";
import { containsPattern, listPage, type Page } from "../lists.ts";
import { lockProduct, type ProductRow } from "../products/products.ts";
import {
  type DeletableEntity,
  deleteEntity,
  getEntity,
  restoreEntity,
  type Update,
  updateEntity,
} from "../entity.ts";
import { deletedCondition, type Restorable, restorableUntilColumn } from "../soft_delete.ts";
import { refuse } from "../errors.ts";

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

const entity: DeletableEntity<ReleaseRow> = {
  subject: "release",
  fields: ["releaseDate", "downloadUrl", "releaseNotes", "isMandatory"],
  select: (ctx, id, locking) =>
    ctx.db<ReleaseRow[]>`
      select *
      from releases
      where id = ${id}
      ${locking}`,
  save: (ctx, row) =>
    ctx.db<ReleaseRow[]>`
      update releases
      set release_date = ${row.releaseDate}, download_url = ${row.downloadUrl},
        release_notes = ${row.releaseNotes}, is_mandatory = ${row.isMandatory}, deleted_at = ${row.deletedAt}
      where id = ${row.id}
      returning *`,
  updated: (row, difference) => ({ type: "release.updated", subjectId: row.id, ...difference }),
  deleted: ({ id, version }) => ({ type: "release.deleted", subjectId: id, before: { name: version } }),
  restored: ({ id, version }) => ({ type: "release.restored", subjectId: id, after: { name: version } }),
};

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
 * @throws DomainError `INVALID_REQUEST` when the version is not a semantic one, or there is no such product
 */
export async function publishRelease(
  ctx: Context,
  input: Omit<ReleaseRow, "id" | "createdAt" | "deletedAt">,
): Promise<ReleaseRow> {
  requireRole(ctx, "manager");
  const version = semver.parse(input.version);
  if (!version) {
    refuse("INVALID_REQUEST", { field: "version", reason: "not_a_semantic_version" });
  }
  return await inTransaction(ctx, async (ctx) => {
    await lockProduct(ctx, input.productId);
    const [release] = await ctx.db<ReleaseRow[]>`
      insert into releases (
        product_id, version, release_date, download_url, release_notes, is_mandatory, created_at
      ) values (
        ${input.productId}, ${version.version}, ${input.releaseDate}, ${input.downloadUrl},
        ${input.releaseNotes}, ${input.isMandatory}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, {
      type: "release.published",
      subjectId: release.id,
      after: { productId: release.productId, version: release.version, isMandatory: release.isMandatory },
    });
    return release;
  });
}

/** The releases of a product. */
export async function listReleases(ctx: Context, productId: number): Promise<Releases> {
  const found = await ctx.cache.getOrLoad(`releases of ${productId}`, async () => {
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
  return found!;
}

/** "1.2" as 1.2.0, "1.2.3.4" as 1.2.3; null for anything that is not one to four numbers. */
function readNumbers(text: string): semver.SemVer | null {
  const numbers = text.trim().match(/^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:\.\d{1,9})?$/);
  if (!numbers) return null;
  const [major, minor = 0, patch = 0] = numbers.slice(1, 4).map((number) => Number(number ?? 0));
  return semver.parse(`${major}.${minor}.${patch}`);
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
  const version = semver.parse(text) ?? readNumbers(text);
  versions.set(text, { version });
  return version;
}

/**
 * What a caller of a version is offered. Pre-releases are offered only to those who run one, and where nothing else
 * was ever published.
 *
 * @param current the caller's version; null when it is not known, and then no update is offered
 */
export function offerUpdate(releases: Releases, current: semver.SemVer | null): Offer {
  const { meant, newer } = newerThan(releases, current);
  return {
    updateAvailable: newer.length > 0,
    latest: meant[0] ?? null,
    isMandatory: newer.some((release) => release.isMandatory),
  };
}

/** The releases meant for a caller of a version, and those of them that are newer; the newest first. */
export function newerThan({ all, stable }: Releases, current: semver.SemVer | null) {
  const meant = stable.length > 0 && !current?.prerelease.length ? stable : all;
  const known = current ? meant.findIndex((release) => release.parsed.compare(current) <= 0) : 0;
  return { meant, newer: meant.slice(0, known === -1 ? meant.length : known) };
}

/**
 * The latest release of a product, or of the only product.
 *
 * @param productCode as in `?product=`; null for the only one
 * @throws DomainError `NOT_FOUND` for an unknown product, `PRODUCT_REQUIRED` when there are several and none is named,
 *   `NO_RELEASE` when nothing was published
 */
export async function getLatestRelease(ctx: Context, productCode: string | null): Promise<ReleaseRow> {
  const product = productCode === null ? await findOnlyProduct(ctx) : await findProduct(ctx, productCode);
  if (!product || !canSeeProduct(ctx, product.id)) {
    refuse("NOT_FOUND", { subject: "product", field: "product" });
  }
  return offerUpdate(await listReleases(ctx, product.id), null).latest ?? refuse("NO_RELEASE");
}

type Product = Pick<ProductRow, "id" | "code">;

async function findProduct(ctx: Context, code: string): Promise<Product | null> {
  return await ctx.cache.getOrLoad(`product ${code}`, async () => {
    const [product] = await ctx.db<Product[]>`
      select id, code
      from products
      where code = ${code} and deleted_at is null`;
    return product ? { value: product, invalidationTag: tagOf("product", product.id) } : null;
  });
}

/** The product there is, as far as the caller sees; refuses when there are several, and when there is none. */
async function findOnlyProduct(ctx: Context): Promise<Product> {
  const products = await ctx.cache.getOrLoad("products", async () => {
    const rows = await ctx.db<Product[]>`
      select id, code
      from products
      where deleted_at is null`;
    return { value: [...rows], invalidationTag: tagOfAll("product") };
  });
  const visible = products!.filter(({ id }) => canSeeProduct(ctx, id));
  if (visible.length > 1) {
    refuse("PRODUCT_REQUIRED", {
      field: "product",
      products: visible.map(({ code }) => code),
    });
  }
  return visible[0] ?? refuse("NO_RELEASE");
}

export type ListedRelease = ReleaseRow & Restorable & { productName: string };

/** Releases for people, the newest first; what apps are offered is in `releases.ts`. */
export async function pageReleases(
  ctx: Context,
  query: z.infer<typeof releaseList>,
): Promise<Page<ListedRelease>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedRelease>(ctx, query, {
    columns: ctx.db`r.*, ${restorableUntilColumn(ctx, ctx.db`r.deleted_at`)}, p.name as product_name`,
    from: ctx.db`releases r join products p on p.id = r.product_id`,
    where: [
      deletedCondition(ctx, ctx.db`r.deleted_at`, query.deleted),
      query.productId ? ctx.db`r.product_id = ${query.productId}` : null,
      query.q
        ? ctx.db`(r.version ilike ${containsPattern(query.q)} or r.release_notes ilike ${
          containsPattern(query.q)
        })`
        : null,
    ],
    sorts: { id: { by: "r.id", type: "bigint" }, date: { by: "r.release_date", type: "date" } },
    defaultSort: "-date",
    id: "r.id",
  });
}

/**
 * Reads a release, deleted or not.
 *
 * @throws DomainError `NOT_FOUND`
 */
export function getRelease(ctx: Context, id: number): Promise<ReleaseRow & Restorable> {
  return getEntity(ctx, entity, id);
}

/**
 * Updates the given fields of a release; the version cannot be changed.
 *
 * @throws DomainError `NOT_FOUND`
 */
export function updateRelease(
  ctx: Context,
  input: Update<z.infer<typeof releaseChanges>>,
): Promise<ReleaseRow> {
  return updateEntity(ctx, entity, input);
}

/**
 * Deletes a release: it is not offered any more. It can be restored for 30 days.
 *
 * @throws DomainError `NOT_FOUND`
 */
export function deleteRelease(ctx: Context, id: number): Promise<void> {
  return deleteEntity(ctx, entity, id);
}

/**
 * Restores a release that was deleted within the last 30 days.
 *
 * @throws DomainError `NOT_FOUND`
 */
export function restoreRelease(ctx: Context, id: number): Promise<ReleaseRow> {
  return restoreEntity(ctx, entity, id);
}
