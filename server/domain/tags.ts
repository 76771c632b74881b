// Notes and tags, by which administrators describe and find customers, users, licenses and leads.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";

/** What a row has of both. */
export interface Tagged {
  notes: string;
  tags: string[];
}

/** The condition that a row has a tag; null without one. Its second part is that of the indexes. */
export function hasTag(ctx: Pick<Context, "db">, column: Fragment, tag: string | undefined): Fragment | null {
  return tag === undefined ? null : ctx.db`${column} @> ${[tag]}::text[] and ${column} <> '{}'`;
}
