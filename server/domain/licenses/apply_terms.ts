// Setting terms of many licenses to their new values, with an event for each license.
import type { Context } from "../context.ts";
import { columnOfTerm } from "../policy/term_columns.ts";
import type { Terms } from "../policy/inputs.ts";
import { changeLicenses } from "./bulk_changes.ts";

/**
 * Sets terms of licenses, which are locked.
 *
 * @param values the new values
 * @param changes which of the terms each license gets, with its facts before and after
 */
export async function applyTerms(
  ctx: Context,
  values: Partial<Terms>,
  changes: { id: number; before: object; after: object }[],
): Promise<void> {
  const names = Object.keys(values) as (keyof Terms)[];
  const columns = Object.fromEntries(names.map((name) => [columnOfTerm(name), values[name]]));
  const set = names.map((name) => {
    const column = ctx.db.unsafe(columnOfTerm(name));
    return ctx.db`
      ${column} = case
        when locked.after ? ${name}
          then (select ${column} from jsonb_populate_record(null::licenses, ${ctx.db.json(columns as never)}))
        else licenses.${column}
      end`;
  }).reduce((all, next) => ctx.db`${all}, ${next}`);
  await changeLicenses(ctx, changes.map(({ id }) => id), {
    type: "license.updated",
    from: ctx.db`
      licenses l
      join jsonb_to_recordset(${ctx.db.json(changes as never)})
        as change (id bigint, before jsonb, after jsonb) on change.id = l.id`,
    where: ctx.db`l.deleted_at is null`,
    before: ctx.db`change.before`,
    after: ctx.db`change.after`,
    set: ctx.db`
      ${set},
      updates_until = case
        when locked.after ? 'updatesUntil' then (locked.after ->> 'updatesUntil')::date
        else licenses.updates_until
      end`,
  });
}
