// Licenses with more active machines than their activation limit: by their overage, or because it was lowered.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";

/** The crossing of a license that is over its limit, in percent; it has no event. */
export const OVER_LIMIT = 101;

/**
 * The condition "this license has more machines than its limit", or its opposite, for a list of licenses `l`. They are found by their
 * crossings, a second later: an index on the number of machines would cost every activation.
 */
export function isOverLimit({ db }: Pick<Context, "db">, isOver: boolean): Fragment {
  if (!isOver) return db`l.activations_in_use <= l.max_activations`;
  return db`
    l.activations_in_use > l.max_activations
    and l.id in (
      select license_id
      from usage_crossings
      where resource = 'activations' and threshold = ${db.unsafe(String(OVER_LIMIT))}
    )`;
}
