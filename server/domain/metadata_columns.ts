// Columns of metadata in statements: what apps read of them, and the condition of lists.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";

/** The public values of metadata, for a select. */
export function publicMetadata(ctx: Pick<Context, "db">, column: Fragment): Fragment {
  return ctx.db`
    case when ${column} = '{}' then ${column} else coalesce(
      (
        select jsonb_object_agg(key, value -> 'value')
        from jsonb_each(${column}) as entry (key, value)
        where value -> 'public' = 'true'
      ),
      '{}'
    ) end`;
}

/**
 * The condition that metadata has a value under a key; null without a filter. The value is compared as a text and, where it
 * reads so, as a number or as true or false. The last part is that of the indexes.
 */
export function hasMetadata(
  ctx: Pick<Context, "db">,
  column: Fragment,
  filter: string | undefined,
): Fragment | null {
  if (filter === undefined) return null;
  const at = filter.indexOf(":");
  const [key, text] = [filter.slice(0, at), filter.slice(at + 1)];
  const has = (value: string | number | boolean) => ctx.db`${column} @> ${ctx.db.json({ [key]: { value } })}`;
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const other = isNumber ? Number(text) : text === "true" ? true : text === "false" ? false : null;
  const isEqual = other === null ? has(text) : ctx.db`(${has(text)} or ${has(other)})`;
  return ctx.db`${isEqual} and ${column} <> '{}'`;
}
