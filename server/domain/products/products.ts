// Products: what licenses are issued for.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { countRows } from "../count_rows.ts";
import { type DeletableEntity, entityVerbs, refuseUnknownReference } from "../entity.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import type { Metadata } from "../metadata.ts";
import type { newProduct, productChanges } from "./inputs.ts";

/** A row of `products`. */
export interface ProductRow {
  id: number;
  code: string;
  name: string;
  metadata: Metadata;
  createdAt: Date;
  deletedAt: Date | null;
}

const entity: DeletableEntity<ProductRow> = {
  subject: "product",
  fields: ["code", "name", "metadata"],
  select: (ctx, id, locking) =>
    ctx.db<ProductRow[]>`
      select *
      from products
      where id = ${id}
      ${locking}`,
  save: (ctx, row) =>
    ctx.db<ProductRow[]>`
      update products
      set code = ${row.code}, name = ${row.name}, metadata = ${
      ctx.db.json(row.metadata)
    }, deleted_at = ${row.deletedAt}
      where id = ${row.id}
      returning *`,
  updated: (row, difference) => ({ type: "product.updated", subjectId: row.id, ...difference }),
  deleted: ({ id, name }) => ({ type: "product.deleted", subjectId: id, before: { name } }),
  restored: ({ id, name }) => ({ type: "product.restored", subjectId: id, after: { name } }),
  async beforeDelete(ctx, { id }) {
    const { total: licenses, totalIsMore: areMore } = await countRows(ctx, {
      from: ctx.db`licenses`,
      where: ctx.db`product_id = ${id} and deleted_at is null`,
    });
    if (licenses === 0 && !areMore) return;
    refuse("CONFLICT", {
      reason: "has_licenses",
      subject: "product",
      licenses,
      ...(areMore && { areMoreLicenses: true }),
    });
  },
};

/**
 * Creates a product.
 *
 * @throws DomainError `CONFLICT` when the code exists already
 */
export async function createProduct(ctx: Context, input: z.infer<typeof newProduct>): Promise<ProductRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [product] = await ctx.db<ProductRow[]>`
      insert into products (code, name, metadata, created_at)
      values (${input.code}, ${input.name}, ${ctx.db.json(input.metadata ?? {})}, ${ctx.now})
      returning *`;
    await recordEvent(ctx, {
      type: "product.created",
      subjectId: product.id,
      after: { code: product.code, name: product.name },
    });
    return product;
  });
}

/**
 * The verbs of `EntityVerbs` for products.
 *
 * @throws DomainError `CONFLICT` for an update when the code exists already, and for a deletion while there are licenses
 */
export const {
  get: getProduct,
  update: updateProduct,
  delete: deleteProduct,
  findDeleteConflict: findProductDeleteConflict,
  restore: restoreProduct,
} = entityVerbs<ProductRow, z.infer<typeof productChanges>>(entity);

/**
 * Locks a product against deletion until the transaction ends, so that rows that refer to it can be inserted.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no such product, or it is deleted
 */
export async function lockProduct(ctx: Context, id: number): Promise<void> {
  const [product] = await ctx.db`
    select 1
    from products
    where id = ${id} and deleted_at is null
    for share`;
  if (!product) refuseUnknownReference("product");
}
