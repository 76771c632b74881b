// Notes and tags, by which administrators describe and find customers, users, licenses and leads.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";
import { requireRole } from "./authorization.ts";

/** What a row has of both. */
export interface Tagged {
  notes: string;
  tags: string[];
}

/** The condition that a row has a tag; null without one. Its second part is that of the indexes. */
export function hasTag(ctx: Pick<Context, "db">, column: Fragment, tag: string | undefined): Fragment | null {
  return tag === undefined ? null : ctx.db`${column} @> ${[tag]}::text[] and ${column} <> '{}'`;
}

/** Rows of each kind whose tags are counted: what is used often is among them. */
const MAX_COUNTED = 5000;
/** Tags that are suggested. */
const MAX_TAGS = 200;

/** The tags in use on customers, users, licenses and leads, the most frequent first, as suggestions. */
export async function listUsedTags(ctx: Context): Promise<string[]> {
  requireRole(ctx, "viewer");
  // Every list contains the empty one; written so, the few rows with tags are found by their index.
  const tagsOf = (table: string) =>
    ctx.db`
      (
        select tags
        from ${ctx.db(table)}
        where tags @> '{}' and tags <> '{}'
        limit ${MAX_COUNTED}
      )`;
  const rows = await ctx.db<{ tag: string }[]>`
    select tag
    from (
      ${tagsOf("customers")}
      union all
      ${tagsOf("users")}
      union all
      ${tagsOf("licenses")}
      union all
      ${tagsOf("institutions")}
    ) tagged
    cross join unnest(tagged.tags) as tag
    group by tag
    order by count(*) desc, tag
    limit ${MAX_TAGS}`;
  return rows.map(({ tag }) => tag);
}
