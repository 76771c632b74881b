// The latest release of a product.
import { canSeeProduct } from "../authorization.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { tagOf, tagOfAll } from "../events/catalogue/cache_tags.ts";
import type { ProductRow } from "../products/products.ts";
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
  const product = productCode === null ? await getOnlyProduct(ctx) : await findProduct(ctx, productCode);
  if (!product || !canSeeProduct(ctx, product.id)) {
    refuse("NOT_FOUND", { subject: "product", field: "product" });
  }
  return chooseUpdate(await getPublishedReleases(ctx, product.id), null).latest ?? refuse("NO_RELEASE");
}

type Product = Pick<ProductRow, "id" | "code">;

async function findProduct(ctx: Context, code: string): Promise<Product | null> {
  return await ctx.cache.getOrLoad(`product ${code}`, async () => {
    const [product] = await ctx.db<Product[]>`
      select id, code
      from products
      where code = ${code} and deleted_at is null`;
    return product ? { value: product, invalidationTag: tagOf("product", product.id) } : null;
  });
}

/**
 * The only product that the caller may see.
 *
 * @throws DomainError `PRODUCT_REQUIRED` when there are several, `NO_RELEASE` when there is none
 */
async function getOnlyProduct(ctx: Context): Promise<Product> {
  const products = await ctx.cache.getOrLoad("products", async () => {
    const rows = await ctx.db<Product[]>`
      select id, code
      from products
      where deleted_at is null`;
    return { value: [...rows], invalidationTag: tagOfAll("product") };
  });
  const visible = products!.filter(({ id }) => canSeeProduct(ctx, id));
  if (visible.length > 1) {
    refuse("PRODUCT_REQUIRED", {
      field: "product",
      products: visible.map(({ code }) => code),
    });
  }
  return visible[0] ?? refuse("NO_RELEASE");
}
