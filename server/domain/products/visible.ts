// The products that a caller may see, as apps name them. They are cached.
import { canSeeProduct } from "../authorization.ts";
import type { Context } from "../context.ts";
import { tagOf, tagOfAll } from "../events/catalogue/cache_tags.ts";
import { refuse } from "../errors.ts";
import { type MaybePromise, whenKnown } from "../when_known.ts";
import type { ProductRow } from "./products.ts";

export type ProductCode = Pick<ProductRow, "id" | "code">;

/** The product of a code; null when there is none, or the caller may not see it. */
export async function findProductByCode(ctx: Context, code: string): Promise<ProductCode | null> {
  const product = await ctx.cache.getOrLoad(`product ${code}`, async () => {
    const [product] = await ctx.db<ProductCode[]>`
      select id, code
      from products
      where code = ${code} and deleted_at is null`;
    return product ? { value: product, invalidationTag: tagOf("product", product.id) } : null;
  });
  return product && canSeeProduct(ctx, product.id) ? product : null;
}

/** The code of a product, deleted or not. */
export function getProductCode(ctx: Context, id: number): MaybePromise<ProductCode> {
  const found = ctx.cache.getOrLoad(`product with id ${id}`, async () => {
    const [product] = await ctx.db<ProductCode[]>`
      select id, code
      from products
      where id = ${id}`;
    return product ? { value: product, invalidationTag: tagOf("product", id) } : null;
  });
  return whenKnown(found, (product) => product ?? refuse("NOT_FOUND", { subject: "product" }));
}

/** All products that the caller may see. */
export async function listVisibleProducts(ctx: Context): Promise<ProductCode[]> {
  const products = await ctx.cache.getOrLoad("products", async () => {
    const rows = await ctx.db<ProductCode[]>`
      select id, code
      from products
      where deleted_at is null`;
    return { value: [...rows], invalidationTag: tagOfAll("product") };
  });
  return products!.filter(({ id }) => canSeeProduct(ctx, id));
}
