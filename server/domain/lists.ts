// Filtering, sorting and paging of every list. Paging is by keyset: page 10,000 costs as much as the first, and rows
// inserted or deleted meanwhile neither repeat nor skip others. The total is counted at a bounded cost.
import { type Fragment, plannedForValues } from "../../db/connect.ts";
import type { Context } from "./context.ts";
import { type CountedRows, countRows, type RowCount } from "./count_rows.ts";
import { type PageStart, type Position, readCursor, type SortType, writeCursor } from "./cursor.ts";
import { allOf } from "./list_conditions.ts";
import { planOf } from "./plan.ts";
import { readAnywhere } from "./replica.ts";

/** Search text, order and position of a list request. Each list adds its own filters. */
export interface ListQuery {
  q?: string;
  sort?: string;
  cursor?: string;
  limit?: number;
  /** Leaves the total at 0, for a reader of all pages. Not part of any request. */
  withoutTotal?: true;
}

/** Rows of a list, and the number of rows on all pages as far as they were counted. */
export interface Page<Row> extends RowCount {
  rows: Row[];
  /** The cursor of the next page; null on the last page. */
  next: string | null;
  /** The cursor of the previous page; null on the first page. */
  previous: string | null;
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
  /** The tables that conditions and orders read, such as "customers c". They are read for the page and for the total. */
  from: Fragment;
  /**
   * The tables that the columns read, with the same names, when these are more: they are joined to the rows of the page
   * only. None of the joins may multiply or drop rows.
   */
  pageFrom?: Fragment;
  /** Conditions that are joined with "and"; null ones are left out. */
  where: (Fragment | null)[];
  /**
   * Further conditions on the rows, which hold for rows far apart from each other or look up rows of other tables for each:
   * the total checks them for a bounded number of rows. They read the columns of the table that `id` names only.
   */
  checks?: (Fragment | null)[];
  /**
   * The condition on a text or a day, which an index finds. Its rows are found first and then put in order, unless they are many: they
   * may be far back in the order of the list, all those that begin with a K for one, and PostgreSQL, which assumes that they
   * are spread evenly, would compare the text with every row before them. `from` is one table then.
   */
  text?: Fragment | null;
  /** Tables and conditions that select the same rows, where they are counted faster so. Their tables have the same names. */
  forTotal?: { from: Fragment; where: Fragment; checks?: (Fragment | null)[] };
  sorts: SortOrders;
  /** The order of a request without `sort`; "-id" is descending by id. */
  defaultSort: string;
  /** The SQL expression of the row's id, which orders rows with equal sort values. */
  id: string;
}

const DEFAULT_LIMIT = 50;

/** So many rows with a text are put in order; of more, enough for a page are found soon in the order of the list. */
const MAX_ORDERED = 50_000;

/**
 * Reads one page of a list. Administrators may get it from a replica.
 *
 * @throws DomainError `INVALID_REQUEST` for a cursor of another list or order
 */
export async function listPage<Row extends object>(
  ctx: Context,
  query: ListQuery,
  list: ListDefinition,
): Promise<Page<Row>> {
  const read = (ctx: Context) => readPage<Row>(ctx, query, list);
  return await (ctx.actor.kind === "administrator" ? readAnywhere(ctx, read) : read(ctx));
}

/** What is read of a row beside the columns of the list. */
interface PageKeys {
  rowId: number;
  sortKey: string;
  sortValue?: unknown;
}

interface Order extends SortOrder {
  /** Its name, as the cursor has it. */
  sort: string;
  isDescending: boolean;
}

function orderOf(query: ListQuery, { sorts, defaultSort }: ListDefinition): Order {
  const sort = query.sort ?? defaultSort;
  const isDescending = sort.startsWith("-");
  return { ...sorts[isDescending ? sort.slice(1) : sort], sort, isDescending };
}

async function readPage<Row extends object>(
  ctx: Context,
  query: ListQuery,
  list: ListDefinition,
): Promise<Page<Row>> {
  const order = orderOf(query, list);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const conditions = allOf(ctx, [...list.where, list.text ?? null]);
  const found = list.text ? await findFirst(ctx, list, conditions) : null;
  let start = query.cursor === undefined ? null : readCursor(query.cursor, order);
  let read = await readRows<Row>(ctx, list, { ...order, start, limit, conditions, found });
  if (start?.side === "before" && !read.areMore) {
    // Rows may be in front of it that were not there yet: the first page is shown as whole as without a cursor.
    start = null;
    read = await readRows<Row>(ctx, list, { ...order, start, limit, conditions, found });
  }
  const { rows, areMore } = read;
  const [first, last] = [rows.at(0), rows.at(-1)];
  const isFirst = start === null;
  const isLast = start?.side !== "before" && !areMore;
  const cursorOf = (row: PageKeys | undefined, side: PageStart["side"]) =>
    row ? writeCursor(order.sort, { key: row.sortKey, id: row.rowId, side }) : null;
  return {
    // TypeScript does not infer that the rest of `Row & Keys` is `Row`.
    rows: rows.map(({ rowId: _, sortKey: __, sortValue: ___, ...row }) => row as unknown as Row),
    next: isLast ? null : cursorOf(last, "after"),
    previous: isFirst ? null : cursorOf(first, "before"),
    ...(query.withoutTotal
      ? { total: 0, totalIsMore: false }
      : isFirst && isLast
      ? { total: rows.length, totalIsMore: false }
      : await countRows(
        ctx,
        countedRows(ctx, list, found, inOrder(ctx, list, order, ctx.db.unsafe(order.by))),
        rows.length,
      )),
  };
}

/** The order of a list, without "order by". */
function inOrder(
  ctx: Pick<Context, "db">,
  list: Pick<ListDefinition, "id">,
  { by, isDescending }: Pick<Order, "by" | "isDescending">,
  key: Fragment,
): Fragment {
  const id = ctx.db.unsafe(list.id);
  const direction = ctx.db.unsafe(isDescending ? "desc" : "asc");
  return by === list.id ? ctx.db`${id} ${direction}` : ctx.db`${key} ${direction}, ${id} ${direction}`;
}

/**
 * Reads the rows of one page in the order of the list, and whether there are more of them on the same side.
 *
 * @param page.start where it begins; null for the first page
 * @param page.found the rows of `conditions`, see `findFirst`
 */
async function readRows<Row extends object>(
  ctx: Context,
  list: ListDefinition,
  { start, limit, conditions, found, ...order }: Order & {
    start: PageStart | null;
    limit: number;
    conditions: Fragment;
    found: { from: Fragment } | null;
  },
): Promise<{ rows: (Row & PageKeys)[]; areMore: boolean }> {
  const isBackward = start?.side === "before";
  const isDescending = order.isDescending !== isBackward;
  const direction = ctx.db.unsafe(isDescending ? "desc" : "asc");
  const key: Fragment = ctx.db.unsafe(order.by);
  const id: Fragment = ctx.db.unsafe(list.id);
  const alias = aliasOf(ctx, list);
  const isChecked = list.checks?.some((check) => check !== null);
  const by: Fragment = found && isChecked && order.by !== list.id ? ctx.db`${alias}.sort_value` : key;
  const ordered = (key: Fragment) => inOrder(ctx, list, { by: order.by, isDescending }, key);
  // Put in order without regard to the checks, so that PostgreSQL stops checking at the end of the page.
  const from = found && isChecked
    ? ctx.db`(
        select *, ${key} as sort_value
        from ${found.from}
        order by ${ordered(key)}
        offset 0
      ) ${alias}`
    : found?.from ?? list.from;
  const checks = allOf(ctx, list.checks ?? []);
  const sortKey = order.hidden ? ctx.db`''` : ctx.db`(${by})::text`;
  const pageOf = (selected: Fragment) =>
    ctx.db`
      select ${selected}, ${id} as row_id, ${sortKey} as sort_key
      from ${from}
      where ${found ? checks : ctx.db`${conditions} and ${checks}`}
        ${
      start === null ? ctx.db`` : ctx.db`
        and (${by}, ${id}) ${ctx.db.unsafe(isDescending ? "<" : ">")} (
          ${positionOf(ctx, order, start)}, ${start.id}::bigint
        )`
    }
      order by ${ordered(by)}
      limit ${limit + 1}`;
  const read = await plannedForValues(
    list.pageFrom
      ? ctx.db<(Row & PageKeys)[]>`
        select ${list.columns}, page.row_id, page.sort_key
        from (${pageOf(ctx.db`${by} as sort_value`)}) page
        join (${list.pageFrom}) on ${id} = page.row_id
        order by page.sort_value ${direction}, page.row_id ${direction}`
      : ctx.db<(Row & PageKeys)[]>`${pageOf(list.columns)}`,
  );
  const rows = read.slice(0, limit);
  return { rows: isBackward ? rows.reverse() : rows, areMore: read.length > limit };
}

/** What the total of a list counts; `found` has the rows that are found before they are checked. */
function countedRows(
  ctx: Context,
  list: ListDefinition,
  found: { from: Fragment } | null,
  order: Fragment,
): CountedRows {
  const { from, where, checks = [] } = list.forTotal ?? {
    from: found?.from ?? list.from,
    where: found ? ctx.db`true` : allOf(ctx, [...list.where, list.text ?? null]),
    checks: list.checks,
  };
  const conditions = checks.filter((check) => check !== null);
  if (conditions.length === 0) return { from, where };
  return { from, where, checks: { conditions: allOf(ctx, conditions), row: aliasOf(ctx, list), order } };
}

/**
 * The rows that conditions select, found without regard to their order, as a table with the name that it has in the list; null
 * when the planner expects many.
 */
export async function findFirst(
  ctx: Pick<Context, "db">,
  list: Pick<ListDefinition, "from" | "id">,
  where: Fragment,
): Promise<{ from: Fragment } | null> {
  const plan = await planOf(
    ctx,
    ctx.db`
      select
      from ${list.from}
      where ${where}`,
  );
  if (plan["Plan Rows"] > MAX_ORDERED) return null;
  return {
    from: ctx.db`(
      select *
      from ${list.from}
      where ${where}
      offset 0
    ) ${aliasOf(ctx, list)}`,
  };
}

/** The name of the table of the rows. */
function aliasOf(ctx: Pick<Context, "db">, { id }: Pick<ListDefinition, "id">): Fragment {
  return ctx.db.unsafe(id.split(".")[0]);
}

/** The value of the row that a cursor names. */
function positionOf(
  ctx: Context,
  { type, hidden }: Pick<SortOrder, "type" | "hidden">,
  row: Position,
): Fragment {
  if (!hidden) return ctx.db`${row.key}::text::${ctx.db.unsafe(type)}`;
  return ctx.db`(
    select ${ctx.db(hidden.column)}
    from ${ctx.db(hidden.table)}
    where id = ${row.id}::bigint
  )`;
}

/** All rows of a list, read page by page, for exports. */
export async function* allRows<Row>(
  list: (query: { cursor?: string; limit: number; withoutTotal: true }) => Promise<Page<Row>>,
): AsyncGenerator<Row> {
  let cursor: string | undefined;
  do {
    const page: Page<Row> = await list({ cursor, limit: 1000, withoutTotal: true });
    yield* page.rows;
    cursor = page.next ?? undefined;
  } while (cursor);
}
