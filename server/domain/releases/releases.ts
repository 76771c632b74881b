// Administration of releases: publish, list, edit, withdraw and restore them.
import type { z } from "zod";
import { requireRole } from "../authorization.ts";
import type { CalendarDay } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import type { releaseChanges, releaseList } from "./inputs.ts";
import { containsPattern } from "../list_conditions.ts";
import { listPage, type Page } from "../lists.ts";
import { lockProduct } from "../products/products.ts";
import { type DeletableEntity, entityVerbs } from "../entity.ts";
import { deletedCondition, type Restorable, restorableUntilColumn } from "../soft_delete.ts";
import { refuse } from "../errors.ts";
import { type Channel, channelOf, parseReleaseVersion } from "./version.ts";

/** A row of `releases`. */
export interface ReleaseRow {
  id: number;
  productId: number;
  version: string;
  /** Equal for equal versions, such as 1.2.3 and 1.2.3.0. */
  versionKey: string;
  channel: Channel;
  /** The day in UTC from which it is offered. */
  releaseDate: CalendarDay;
  downloadUrl: string;
  releaseNotes: string;
  isMandatory: boolean;
  createdAt: Date;
  deletedAt: Date | null;
}

const entity: DeletableEntity<ReleaseRow> = {
  subject: "release",
  fields: ["channel", "releaseDate", "downloadUrl", "releaseNotes", "isMandatory"],
  select: (ctx, id, locking) =>
    ctx.db<ReleaseRow[]>`
      select *
      from releases
      where id = ${id}
      ${locking}`,
  save: (ctx, row) =>
    ctx.db<ReleaseRow[]>`
      update releases
      set channel = ${row.channel}, release_date = ${row.releaseDate}, download_url = ${row.downloadUrl},
        release_notes = ${row.releaseNotes}, is_mandatory = ${row.isMandatory}, deleted_at = ${row.deletedAt}
      where id = ${row.id}
      returning *`,
  updated: (row, difference) => ({ type: "release.updated", subjectId: row.id, ...difference }),
  deleted: ({ id, version }) => ({ type: "release.deleted", subjectId: id, before: { name: version } }),
  restored: ({ id, version }) => ({ type: "release.restored", subjectId: id, after: { name: version } }),
};

/**
 * Publishes a release; apps are offered it from its date on.
 *
 * @param input.channel by default what the version tells
 * @throws DomainError `INVALID_REQUEST` when the version has another form or the product does not exist, `CONFLICT` when
 *   the product has an equal version
 */
export async function publishRelease(
  ctx: Context,
  input: Omit<ReleaseRow, "id" | "versionKey" | "channel" | "createdAt" | "deletedAt"> & {
    channel?: Channel;
  },
): Promise<ReleaseRow> {
  requireRole(ctx, "manager");
  const parsed = parseReleaseVersion(input.version);
  if (!parsed) refuse("INVALID_REQUEST", { field: "version", reason: "not_a_release_version" });
  const { version, text } = parsed;
  return await inTransaction(ctx, async (ctx) => {
    await lockProduct(ctx, input.productId);
    const [release] = await ctx.db<ReleaseRow[]>`
      insert into releases (
        product_id, version, version_key, channel, release_date, download_url, release_notes, is_mandatory,
        created_at
      ) values (
        ${input.productId}, ${text}, ${version.key}, ${
      input.channel ?? channelOf(version)
    }, ${input.releaseDate},
        ${input.downloadUrl}, ${input.releaseNotes}, ${input.isMandatory}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, {
      type: "release.published",
      subjectId: release.id,
      after: {
        productId: release.productId,
        version: release.version,
        channel: release.channel,
        releaseDate: release.releaseDate,
        isMandatory: release.isMandatory,
      },
    });
    return release;
  });
}

export type ListedRelease = ReleaseRow & Restorable & { productName: string };

/** Lists releases, the newest first. */
export async function listReleases(
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
 * The verbs of `EntityVerbs` for releases. The version cannot be updated. A deleted release is not offered any more.
 */
export const {
  get: getRelease,
  update: updateRelease,
  delete: deleteRelease,
  findDeleteConflict: findReleaseDeleteConflict,
  restore: restoreRelease,
} = entityVerbs<ReleaseRow, z.infer<typeof releaseChanges>>(entity);
