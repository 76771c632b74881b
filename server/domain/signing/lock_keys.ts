// Changes of signing keys take turns.
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";

/**
 * Changes of keys at the same time take turns: an update would not see the key that another one has just inserted.
 *
 * @returns the product's code; null for the default key
 */
export async function lockKeys(ctx: Context, productId: number | null): Promise<string | null> {
  const [product] = productId === null ? [] : await ctx.db<{ code: string }[]>`
    select code
    from products
    where id = ${productId} and deleted_at is null
    for share`;
  if (productId !== null && !product) refuse("NOT_FOUND", { subject: "product", field: "productId" });
  await ctx.db`lock table signing_keys in share row exclusive mode`;
  return product?.code ?? null;
}
