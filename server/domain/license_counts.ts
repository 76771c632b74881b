// The number of licenses of a product or plan in lists: few are counted for each row, of many the worker's count is shown.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";

/** The columns of a list with the number of licenses. */
export interface LicenseCount {
  licenses: number;
  /** When they were counted; null: just now. */
  licensesCountedAt: Date | null;
}

/** The worker's count is shown from this number on. */
const MANY = 1000;

/** The columns of `LicenseCount` for a product `p` or a plan `plans`. */
export function licenseCountColumns(ctx: Context, of: "product" | "plan"): Fragment {
  const id: Fragment = of === "product" ? ctx.db`p.id` : ctx.db`plans.id`;
  const reference: Fragment = of === "product" ? ctx.db`l.product_id` : ctx.db`l.plan_id`;
  const kept = (column: Fragment) =>
    ctx.db`
      (
        select ${column}
        from current_counts k
        where k.measure = ${`licenses.of_${of}`} and k.subject_id = ${id} and k.value >= ${MANY}
      )`;
  return ctx.db`
    coalesce(
      ${kept(ctx.db`k.value`)},
      (select count(*) from licenses l where ${reference} = ${id} and l.deleted_at is null)
    ) as licenses, ${kept(ctx.db`k.counted_at`)} as licenses_counted_at`;
}
