// Searching devices by their names and fingerprints: in the copies that have indexes, and in the latest activations, whose
// texts are not copied yet.
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import { columnNames, isFrequent, type SearchedColumn, textContains } from "../activations/rare_parts.ts";
import { readSearchedTexts } from "../activations/search_texts.ts";
import type { Context } from "../context.ts";
import type { CountedRows } from "../count_rows.ts";
import { eitherMatches } from "../list_conditions.ts";

/** The condition that a row of `activations a` matches a text. */
export function deviceMatches(ctx: Context, q: string): Fragment {
  return eitherMatches(ctx, [ctx.db`a.machine_name`, ctx.db`a.hardware_id`], q);
}

/** So many matches are selected by their ids; of more, a page of them is found soon among the latest activations. */
const FEW = 10_000;

/**
 * The ids of the activations that have a text in one of these columns, and of those whose texts are not copied yet, whether
 * they match or not; null when they are many. A copy may be older than the name of the machine, so that the text has to be
 * looked for again in `activations`.
 *
 * @returns also the condition on `activation_texts t`
 */
export async function findMatchingActivations(
  ctx: Context,
  q: string,
  columns: SearchedColumn[],
): Promise<{ ids: number[] | null; isMatch: Fragment }> {
  const { uncopied, sample } = await readSearchedTexts(ctx);
  const either = columns.reduce<Fragment>(
    (any, column) =>
      ctx.db`${any} or ${textContains(ctx, ctx.db`t.${ctx.db(columnNames[column])}`, q, sample[column])}`,
    ctx.db`false`,
  );
  const isMatch: Fragment = ctx.db`(${either})`;
  if (columns.some((column) => isFrequent(q, sample[column]))) return { ids: null, isMatch };
  const copied = await plannedForValues(ctx.db<{ id: number }[]>`
    select t.activation_id as id
    from activation_texts t
    where ${isMatch}
    limit ${FEW + 1}`);
  return { ids: copied.length > FEW ? null : [...copied.map(({ id }) => id), ...uncopied], isMatch };
}

/** What selects devices `a` by a text, for a page and for the total. */
export interface DeviceMatches {
  /** A condition on `a`. */
  where: Fragment;
  /** Tables with `a` and a condition that select the same rows and are counted faster. */
  forTotal?: Pick<CountedRows, "from" | "where">;
}

/**
 * Selects the devices that match a text. Few are found by index; of many, those of a page are found soon among the latest
 * activations.
 */
export async function selectMatchingDevices(ctx: Context, q: string): Promise<DeviceMatches> {
  const where = deviceMatches(ctx, q);
  const { ids, isMatch } = await findMatchingActivations(ctx, q, ["machineName", "hardwareId"]);
  if (ids) return { where: ctx.db`a.id = any(${ids}::bigint[]) and ${where}` };
  return {
    where,
    forTotal: {
      from: ctx.db`activation_texts t join activations a on a.id = t.activation_id`,
      where: isMatch,
    },
  };
}
