// Filtering, sorting and paging of every list. Paging is by keyset: page 10,000 costs as much as the first, and rows
// inserted or deleted meanwhile neither repeat nor skip others. The total is counted up to 10,000.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";
import { readCursor, type SortType, writeCursor } from "./cursor.ts";

/** Search text, order and position of a list request. Each list adds its own filters. */
export interface ListQuery {
  q?: string;
  sort?: string;
  cursor?: string;
  limit?: number;
}

export interface Page<Row> {
  rows: Row[];
  /** The cursor of the next page; null on the last page. */
  next: string | null;
  /** The number of rows on all pages, counted up to 10,000. */
  total: number;
  /** Whether there are more rows than `total`. */
  totalIsMore: boolean;
}

/** An order of a list. */
export interface SortOrder {
  /** An SQL expression that is never null. */
  by: string;
  /** Its SQL type. */
  type: SortType;
  /** Where the value is read again by the row's id, for values that no cursor may hold. */
  hidden?: { table: string; column: string };
}

/** Sort orders by name. */
export type SortOrders = Record<string, SortOrder>;

/** The parts of a list's select statement. */
export interface ListDefinition {
  columns: Fragment;
  /** Tables and joins, such as "customers c join …". */
  from: Fragment;
  /** Conditions that are joined with "and"; null ones are left out. */
  where: (Fragment | null)[];
  sorts: SortOrders;
  /** The order of a request without `sort`; "-id" is descending by id. */
  defaultSort: string;
  /** The SQL expression of the row's id, which orders rows with equal sort values. */
  id: string;
}

const DEFAULT_LIMIT = 50;
const MAX_COUNTED_ROWS = 10_000;

/**
 * Reads one page of a list.
 *
 * @throws DomainError `INVALID_REQUEST` for a cursor of another list or order
 */
export async function listPage<Row extends object>(
  ctx: Context,
  query: ListQuery,
  list: ListDefinition,
): Promise<Page<Row>> {
  const sort = query.sort ?? list.defaultSort;
  const descending = sort.startsWith("-");
  const { by, type, hidden } = list.sorts[descending ? sort.slice(1) : sort];
  const limit = query.limit ?? DEFAULT_LIMIT;
  const key = ctx.db.unsafe(by);
  const id = ctx.db.unsafe(list.id);
  const conditions = allOf(ctx, list.where);
  const after = query.cursor === undefined ? null : readCursor(query.cursor, { sort, type });
  const order = ctx.db.unsafe(descending ? "desc" : "asc");
  const rows = await ctx.db<(Row & { rowId: number; sortKey: string })[]>`
    select ${list.columns}, ${id} as row_id, ${hidden ? ctx.db`''` : ctx.db`(${key})::text`} as sort_key
    from ${list.from}
    where ${conditions}
      ${
    after === null ? ctx.db`` : ctx.db`
      and (${key}, ${id}) ${ctx.db.unsafe(descending ? "<" : ">")} (
        ${positionOf(ctx, { type, hidden }, after)}, ${after.id}::bigint
      )`
  }
    order by ${key} ${order}, ${id} ${order}
    limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const isLast = rows.length <= limit;
  return {
    // TypeScript does not infer that the rest of `Row & Keys` is `Row`.
    rows: page.map(({ rowId: _, sortKey: __, ...row }) => row as unknown as Row),
    next: isLast || !last ? null : writeCursor(sort, { key: last.sortKey, id: last.rowId }),
    ...(isLast && query.cursor === undefined
      ? { total: page.length, totalIsMore: false }
      : await countRows(ctx, list, conditions)),
  };
}

/** The value of the row that a cursor names. */
function positionOf(
  ctx: Context,
  { type, hidden }: Pick<SortOrder, "type" | "hidden">,
  after: { key: string; id: number },
): Fragment {
  if (!hidden) return ctx.db`${after.key}::text::${ctx.db.unsafe(type)}`;
  return ctx.db`(
    select ${ctx.db(hidden.column)}
    from ${ctx.db(hidden.table)}
    where id = ${after.id}::bigint
  )`;
}

async function countRows(ctx: Context, list: ListDefinition, conditions: Fragment) {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from (
      select 1
      from ${list.from}
      where ${conditions}
      limit ${MAX_COUNTED_ROWS + 1}
    ) as counted`;
  return { total: Math.min(count, MAX_COUNTED_ROWS), totalIsMore: count > MAX_COUNTED_ROWS };
}

/** Joins conditions with "and"; null ones are left out. */
export function allOf(ctx: Context, conditions: (Fragment | null)[]): Fragment {
  return conditions.reduce<Fragment>(
    (all, condition) => condition ? ctx.db`${all} and ${condition}` : all,
    ctx.db`true`,
  );
}

/** A `like` pattern that matches the text anywhere; wildcards in the text are escaped. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** All rows of a list, read page by page, for exports. */
export async function* allRows<Row>(
  list: (query: { cursor?: string; limit: number }) => Promise<Page<Row>>,
): AsyncGenerator<Row> {
  let cursor: string | undefined;
  do {
    const page: Page<Row> = await list({ cursor, limit: 1000 });
    yield* page.rows;
    cursor = page.next ?? undefined;
  } while (cursor);
}
