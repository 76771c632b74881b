// Entitlements: what the app may do, by name. A license has them while it is valid.
import type { Db, Fragment } from "../../../db/connect.ts";
import type { Terms } from "./inputs.ts";

/** Names with true, a number or a text. */
export type Entitlements = Terms["entitlements"];

export const noEntitlements: Entitlements = Object.freeze({});

/**
 * The feature codes of a license as an SQL array: those of its plan, and the names of its entitlements, except those with 0 or
 * an empty text.
 *
 * @param ofPlan the plan's codes; null without a plan
 * @param entitlements the license's
 */
export function featuresOf({ db }: { db: Db }, ofPlan: Fragment, entitlements: Fragment): Fragment {
  return db`
    array(
      select feature
      from (
        select feature, position
        from unnest(${ofPlan}) with ordinality as plan (feature, position)
        union all
        select name, null
        from jsonb_each(${entitlements}) as entitlement (name, value)
        where value not in ('0', '""') and name <> all (coalesce(${ofPlan}, '{}'))
      ) features
      order by position, feature
    )`;
}
