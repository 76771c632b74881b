// Products: list, read, create, edit, delete and restore.
import * as input from "../domain/products/inputs.ts";
import { listProducts } from "../domain/products/list.ts";
import * as products from "../domain/products/products.ts";
import { deleteConflict } from "./delete_conflict.ts";
import { editOf, manager, oneId, router, viewer } from "./trpc.ts";

export const productsRouter = router({
  list: viewer.input(input.productList).query(({ ctx: { ctx }, input }) => listProducts(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => products.getProduct(ctx, input.id)),
  create: manager.input(input.newProduct).mutation(({ ctx: { ctx }, input }) =>
    products.createProduct(ctx, input)
  ),
  edit: manager.input(editOf(input.productChanges)).mutation(({ ctx: { ctx }, input }) =>
    products.updateProduct(ctx, input)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => products.deleteProduct(ctx, input.id)),
  deleteConflict: deleteConflict(products.findProductDeleteConflict),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => products.restoreProduct(ctx, input.id)),
});
