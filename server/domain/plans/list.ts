// The list of plans.
import type { z } from "zod";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { containsPattern } from "../list_conditions.ts";
import { listPage, type Page } from "../lists.ts";
import { type LicenseCount, licenseCountColumns } from "../license_counts.ts";
import { deletedCondition, type Restorable, restorableUntilColumn } from "../soft_delete.ts";
import type { planList } from "./inputs.ts";
import type { PlanRow } from "./plans.ts";

/** A plan in a list, with its product and the number of its licenses. */
export type ListedPlan = PlanRow & Restorable & LicenseCount & { productName: string };

/** Lists the plans of all products or of one. */
export async function listPlans(ctx: Context, query: z.infer<typeof planList>): Promise<Page<ListedPlan>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedPlan>(ctx, query, {
    columns: ctx.db`
      plans.*, ${restorableUntilColumn(ctx, ctx.db`plans.deleted_at`)}, p.name as product_name,
      ${licenseCountColumns(ctx, "plan")}`,
    from: ctx.db`plans join products p on p.id = plans.product_id`,
    where: [
      deletedCondition(ctx, ctx.db`plans.deleted_at`, query.deleted),
      query.productId ? ctx.db`plans.product_id = ${query.productId}` : null,
      query.q
        ? ctx.db`(plans.name ilike ${containsPattern(query.q)} or plans.code ilike ${
          containsPattern(query.q)
        })`
        : null,
    ],
    sorts: { id: { by: "plans.id", type: "bigint" }, name: { by: "lower(plans.name)", type: "text" } },
    defaultSort: "id",
    id: "plans.id",
  });
}
