// The latest release of a product.
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { findProductByCode, listVisibleProducts, type ProductCode } from "../products/visible.ts";
import { chooseUpdate } from "./find_update.ts";
import { getPublishedReleases } from "./published.ts";
import type { ReleaseRow } from "./releases.ts";

/**
 * The latest release of a product, or of the only product.
 *
 * @param productCode null for the only product
 * @throws DomainError `NOT_FOUND` when the product is unknown, `PRODUCT_REQUIRED` when there are several and none is given,
 *   `NO_RELEASE` when nothing is published
 */
export async function getLatestRelease(ctx: Context, productCode: string | null): Promise<ReleaseRow> {
  const product = productCode === null
    ? await getOnlyProduct(ctx)
    : await findProductByCode(ctx, productCode);
  if (!product) refuse("NOT_FOUND", { subject: "product", field: "product" });
  return chooseUpdate(await getPublishedReleases(ctx, product.id), null).latest ?? refuse("NO_RELEASE");
}

/**
 * The only product that the caller may see.
 *
 * @throws DomainError `PRODUCT_REQUIRED` when there are several, `NO_RELEASE` when there is none
 */
async function getOnlyProduct(ctx: Context): Promise<ProductCode> {
  const visible = await listVisibleProducts(ctx);
  if (visible.length > 1) {
    refuse("PRODUCT_REQUIRED", {
      field: "product",
      products: visible.map(({ code }) => code),
    });
  }
  return visible[0] ?? refuse("NO_RELEASE");
}
