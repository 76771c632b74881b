// License keys as staff see them: whole for managers and owners, masked for viewers, who could use or pass them on. Every
// statement that reads keys for administration selects them through `shownKey`.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";

type Reader = Pick<Context, "db" | "actor">;

/** Whether the caller sees license keys in full. */
export function seesKeys({ actor }: Pick<Context, "actor">): boolean {
  return actor.kind !== "administrator" || actor.role !== "viewer";
}

/**
 * The expression of a key as the caller sees it; the same as `maskKey` for viewers.
 *
 * @param column the column `licenses.key`
 */
export function shownKey(ctx: Reader, column: Fragment): Fragment {
  if (seesKeys(ctx)) return column;
  const visible = ctx.db`least(4, length(${column}) / 4)`;
  return ctx.db`
    regexp_replace(left(${column}, -${visible}), '[^ -]', '*', 'g') || right(${column}, ${visible})`;
}

/**
 * The condition that a part of the key matches. Viewers find no license by a part of its key, because they could find out
 * the whole of it piece by piece.
 *
 * @param matches the condition on the column, such as `key ilike …`
 */
export function ifSeesKeys(ctx: Reader, matches: Fragment): Fragment {
  return seesKeys(ctx) ? matches : ctx.db`false`;
}
