// Searching devices by their names and fingerprints: in the copies that have indexes, and in the latest activations, whose
// texts are not copied yet.
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import { listUncopiedActivations } from "../activations/search_texts.ts";
import type { Context } from "../context.ts";
import { eitherMatches } from "../lists.ts";

/** The condition that a row of `activations` or `activation_texts` matches a text. */
export function deviceMatches(ctx: Context, alias: "a" | "t", q: string): Fragment {
  const row: Fragment = ctx.db.unsafe(alias);
  return eitherMatches(ctx, [ctx.db`${row}.machine_name`, ctx.db`${row}.hardware_id`], q);
}

/** The tables and conditions that select devices `a` by a text, for a page and for the total. */
export interface DeviceMatches {
  /** A condition on `a`. */
  where: Fragment;
  /** Tables that select the same rows with `where` and are counted faster. */
  forTotal?: Fragment;
}

/** So many matches are selected by their ids. */
const FEW = 5000;

/**
 * Selects the devices that match a text. Few are found by index; of many, those of a page are found soon among the latest
 * activations.
 */
export async function selectMatchingDevices(ctx: Context, q: string): Promise<DeviceMatches> {
  const where = deviceMatches(ctx, "a", q);
  const copied = await plannedForValues(ctx.db<{ id: number }[]>`
    select t.activation_id as id
    from activation_texts t
    where ${deviceMatches(ctx, "t", q)}
    limit ${FEW + 1}`);
  if (copied.length > FEW) {
    return {
      where,
      forTotal: ctx.db`
        (
          select activation_id
          from activation_texts t
          where ${deviceMatches(ctx, "t", q)}
          offset 0
        ) t
        join activations a on a.id = t.activation_id`,
    };
  }
  const ids = [...copied.map(({ id }) => id), ...await listUncopiedActivations(ctx)];
  // A copy may be older than the name of the device.
  return { where: ctx.db`a.id = any(${ids}::bigint[]) and ${where}` };
}
