// The list of products.
import type { z } from "zod";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { containsPattern } from "../list_conditions.ts";
import { listPage, type Page } from "../lists.ts";
import { type LicenseCount, licenseCountColumns } from "../license_counts.ts";
import { deletedCondition, type Restorable, restorableUntilColumn } from "../soft_delete.ts";
import type { productList } from "./inputs.ts";
import type { ProductRow } from "./products.ts";

/** A product in a list, with the numbers of its licenses and plans and the version of its latest release. */
export type ListedProduct = ProductRow & Restorable & LicenseCount & {
  plans: number;
  latestRelease: string | null;
};

/** Lists products. */
export async function listProducts(
  ctx: Context,
  query: z.infer<typeof productList>,
): Promise<Page<ListedProduct>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedProduct>(ctx, query, {
    columns: ctx.db`
      p.*, ${restorableUntilColumn(ctx, ctx.db`p.deleted_at`)},
      ${licenseCountColumns(ctx, "product")},
      (select count(*) from plans where product_id = p.id and deleted_at is null) as plans,
      (
        select version
        from releases
        where product_id = p.id and deleted_at is null
        order by release_date desc, id desc
        limit 1
      ) as latest_release`,
    from: ctx.db`products p`,
    where: [
      deletedCondition(ctx, ctx.db`p.deleted_at`, query.deleted),
      query.q
        ? ctx.db`(p.name ilike ${containsPattern(query.q)} or p.code ilike ${containsPattern(query.q)})`
        : null,
    ],
    sorts: { id: { by: "p.id", type: "bigint" }, name: { by: "lower(p.name)", type: "text" } },
    defaultSort: "name",
    id: "p.id",
  });
}
