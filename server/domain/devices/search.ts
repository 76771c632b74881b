// Searching devices by their names and fingerprints: in the copies that have indexes, and in the latest activations, whose
// texts are not copied yet.
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import { listUncopiedActivations } from "../activations/search_texts.ts";
import type { Context } from "../context.ts";
import type { CountedRows } from "../count_rows.ts";
import { eitherMatches } from "../list_conditions.ts";

/** The condition that a row of `activations` or `activation_texts` matches a text. */
export function deviceMatches(ctx: Context, alias: "a" | "t", q: string): Fragment {
  const row: Fragment = ctx.db.unsafe(alias);
  return eitherMatches(ctx, [ctx.db`${row}.machine_name`, ctx.db`${row}.hardware_id`], q);
}

/** So many matches are selected by their ids. */
const FEW = 5000;

/**
 * The ids of the activations that match a condition on `activation_texts t`, and of those whose texts are not copied yet,
 * whether they match or not; null when they are many. A copy may be older than the name of the machine, so that the
 * condition has to be checked again on `activations`.
 */
export async function findMatchingActivations(ctx: Context, isMatch: Fragment): Promise<number[] | null> {
  const copied = await plannedForValues(ctx.db<{ id: number }[]>`
    select t.activation_id as id
    from activation_texts t
    where ${isMatch}
    limit ${FEW + 1}`);
  if (copied.length > FEW) return null;
  return [...copied.map(({ id }) => id), ...await listUncopiedActivations(ctx)];
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
  const where = deviceMatches(ctx, "a", q);
  const isMatch = deviceMatches(ctx, "t", q);
  const ids = await findMatchingActivations(ctx, isMatch);
  if (ids) return { where: ctx.db`a.id = any(${ids}::bigint[]) and ${where}` };
  return {
    where,
    forTotal: {
      from: ctx.db`activation_texts t join activations a on a.id = t.activation_id`,
      where: isMatch,
    },
  };
}
