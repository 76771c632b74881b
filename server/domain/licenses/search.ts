// Searching licenses by a part of the key or of the customer's name or email address. Few matches are read by index and
// then filtered; many are found soon by reading licenses in the order of the list.
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { allOf, eitherMatches, textMatches } from "../list_conditions.ts";
import { type ListDefinition } from "../lists.ts";
import { ifSeesKeys } from "../shown_key.ts";
import { maybeHasKey } from "./key.ts";
import { cleanKey } from "./pasted_key.ts";

/** The parts of a list that select licenses `l`. */
export interface Selection extends Pick<ListDefinition, "where" | "checks" | "forTotal"> {
  /** A subquery of the ids of all of them; without a text there is none. */
  matches?: Fragment;
  /**
   * A condition on `l` that selects the same licenses when there are many matches: it is checked quickly for each of many
   * licenses in the order of their ids, once the matches of its parts are read.
   */
  inOrder?: Fragment;
}

/** So many matches are selected by their ids. */
const FEW = 5000;

/**
 * Selects the licenses that match a text: the key as pasted or a part of it, or a part of the customer's name or email
 * address; one or two characters at the beginning only.
 *
 * @param conditions the other conditions of the list
 */
export async function selectMatching(
  ctx: Context,
  q: string,
  conditions: (Fragment | null)[],
): Promise<Selection> {
  const hasPart = ifSeesKeys(ctx, textMatches(ctx, ctx.db`l.key`, cleanKey(q) || q));
  const isNamed = eitherMatches(ctx, [ctx.db`c.name`, ctx.db`c.email`], q);
  const ofCustomer = ctx.db`c.deleted_at is null and ${isNamed}`;
  const isSelected = allOf(ctx, conditions);
  // Each part uses its index; an "or" over both tables would read every license. "offset 0" keeps the licenses of a
  // customer together, so that reading can stop at a limit.
  const matches = ctx.db`(
    select l.id
    from licenses l
    where ${hasPart} and ${isSelected}
    union all
    select of_customer.id
    from customers c
    cross join lateral (
      select l.id
      from licenses l
      where l.customer_id = c.id and not (${hasPart}) and ${isSelected}
      offset 0
    ) of_customer
    where ${ofCustomer}
    union all
    select l.id
    from licenses l
    join customers c on c.id = l.customer_id
    where ${maybeHasKey(ctx, q)} and not (${hasPart}) and (${ofCustomer}) is not true and ${isSelected}
  )`;
  const found = await plannedForValues(ctx.db<{ id: number }[]>`
    select id
    from ${matches} matches
    limit ${FEW + 1}`);
  if (found.length <= FEW) {
    const ids = found.map(({ id }) => id);
    return selectionOf(
      ctx,
      ctx.db`l.id = any(${ids}::bigint[])`,
      ctx.db`(
      select unnest(${ids}::bigint[]) as id
    )`,
    );
  }
  const isMatch = ctx.db`(
    ${hasPart} or ${maybeHasKey(ctx, q)}
    or (select ${ofCustomer} from customers c where c.id = l.customer_id)
  )`;
  const isOneOf = ctx.db`(
    l.customer_id in (
      select c.id
      from customers c
      where ${ofCustomer}
    )
    or l.id in (
      select l.id
      from licenses l
      where ${hasPart} and ${isSelected}
    )
    or ${maybeHasKey(ctx, q)}
  )`;
  return {
    ...selectionOf(ctx, allOf(ctx, [...conditions, isMatch]), matches),
    inOrder: allOf(ctx, [...conditions, isOneOf]),
  };
}

function selectionOf(ctx: Context, where: Fragment, matches: Fragment): Selection {
  return { where: [where], matches, forTotal: { from: ctx.db`${matches} matches`, where: ctx.db`true` } };
}
