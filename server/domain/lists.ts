// Lists. Every noun's list is filtered, sorted and paged the same way: by keyset, so that page 10,000 costs as much as
// the first and nothing is seen twice while rows come and go. A total is counted as far as it is cheap.
import { Buffer } from "node:buffer";
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";
import { refuse } from "./errors.ts";

/** How a list is asked for; the filters beside it are the noun's own. */
export interface ListQuery {
  q?: string;
  sort?: string;
  cursor?: string;
  limit?: number;
}

export interface Page<Row> {
  rows: Row[];
  /** Asks for the next page; null on the last. */
  next: string | null;
  /** How many rows there are in all pages, counted up to 10,000. */
  total: number;
  /** Whether there are more than `total`. */
  totalIsMore: boolean;
}

/** What a list can be sorted by: an SQL expression that is never null, and its type. */
export type Sorts = Record<string, { by: string; type: "bigint" | "text" | "date" | "timestamptz" }>;

export interface ListDefinition {
  columns: Fragment;
  /** "customers c join …" */
  from: Fragment;
  /** What must hold of every row; absent conditions are null. */
  where: (Fragment | null)[];
  sorts: Sorts;
  /** What it is sorted by when nothing is said, "-id". */
  defaultSort: string;
  /** The row's id in SQL, the last word where two rows are equal. */
  id: string;
}

const ROWS = 50;
const COUNTED = 10_000;

/** A page of a list. */
export async function listPage<Row extends object>(
  ctx: Context,
  query: ListQuery,
  listing: ListDefinition,
): Promise<Page<Row>> {
  const sort = query.sort ?? listing.defaultSort;
  const turned = sort.startsWith("-");
  const { by, type } = listing.sorts[turned ? sort.slice(1) : sort];
  const limit = query.limit ?? ROWS;
  const key = ctx.db.unsafe(by);
  const id = ctx.db.unsafe(listing.id);
  const conditions = allOf(ctx, listing.where);
  const after = query.cursor === undefined ? null : readCursor(query.cursor, sort);
  const order = ctx.db.unsafe(turned ? "desc" : "asc");
  const rows = await ctx.db<(Row & { rowId: number; sortKey: string })[]>`
    select ${listing.columns}, ${id} as row_id, (${key})::text as sort_key
    from ${listing.from}
    where ${conditions}
      ${
    after === null ? ctx.db`` : ctx.db`
      and (${key}, ${id}) ${ctx.db.unsafe(turned ? "<" : ">")} (
        ${after.key}::text::${ctx.db.unsafe(type)}, ${after.id}::bigint
      )`
  }
    order by ${key} ${order}, ${id} ${order}
    limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const isLast = rows.length <= limit;
  return {
    rows: page.map(({ rowId: _, sortKey: __, ...row }) => row as unknown as Row),
    next: isLast || !last ? null : writeCursor(sort, last.sortKey, last.rowId),
    ...(isLast && query.cursor === undefined
      ? { total: page.length, totalIsMore: false }
      : await countRows(ctx, listing, conditions)),
  };
}

async function countRows(ctx: Context, listing: ListDefinition, conditions: Fragment) {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from (
      select 1
      from ${listing.from}
      where ${conditions}
      limit ${COUNTED + 1}
    ) as counted`;
  return { total: Math.min(count, COUNTED), totalIsMore: count > COUNTED };
}

/** Conditions joined by "and"; those that are null are left out. */
export function allOf(ctx: Context, conditions: (Fragment | null)[]): Fragment {
  return conditions.reduce<Fragment>(
    (all, condition) => condition ? ctx.db`${all} and ${condition}` : all,
    ctx.db`true`,
  );
}

/** Text as a pattern that finds it anywhere, whatever it contains. */
export function anywhere(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** All rows of a list, page after page, for files. */
export async function* everyRow<Row>(
  list: (query: { cursor?: string; limit: number }) => Promise<Page<Row>>,
): AsyncGenerator<Row> {
  let cursor: string | undefined;
  do {
    const page: Page<Row> = await list({ cursor, limit: 1000 });
    yield* page.rows;
    cursor = page.next ?? undefined;
  } while (cursor);
}

function writeCursor(sort: string, key: string, id: number): string {
  return Buffer.from(JSON.stringify([sort, key, id])).toString("base64url");
}

function readCursor(cursor: string, sort: string): { key: string; id: number } {
  try {
    const [of, key, id] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (of === sort && typeof key === "string" && Number.isSafeInteger(id)) return { key, id };
  } catch {
    // Said below.
  }
  return refuse("INVALID_REQUEST", { field: "cursor", reason: "not_allowed" }, {
    message: "cursor belongs to another list or order. Begin with the first page.",
  });
}
