// What is sold: products, plans, releases.
import * as catalogue from "../domain/catalogue.ts";
import * as input from "../domain/inputs/catalogue.ts";
import { createPlan, createProduct } from "../domain/products.ts";
import { publishRelease } from "../domain/releases.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const productsRouter = router({
  list: viewer.input(input.productList).query(({ ctx: { ctx }, input }) =>
    catalogue.listProducts(ctx, input)
  ),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => catalogue.getProduct(ctx, input.id)),
  create: manager.input(input.newProduct).mutation(({ ctx: { ctx }, input }) => createProduct(ctx, input)),
  edit: manager.input(oneId.extend({ changes: input.productChanges })).mutation(({ ctx: { ctx }, input }) =>
    catalogue.editProduct(ctx, input.id, input.changes)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => catalogue.deleteProduct(ctx, input.id)),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    catalogue.restoreProduct(ctx, input.id)
  ),
});

export const plansRouter = router({
  list: viewer.input(input.planList).query(({ ctx: { ctx }, input }) => catalogue.listPlans(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => catalogue.getPlan(ctx, input.id)),
  create: manager.input(input.newPlan).mutation(({ ctx: { ctx }, input }) => createPlan(ctx, input)),
  edit: manager.input(oneId.extend({ changes: input.planChanges })).mutation(({ ctx: { ctx }, input }) =>
    catalogue.editPlan(ctx, input.id, input.changes)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => catalogue.deletePlan(ctx, input.id)),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => catalogue.restorePlan(ctx, input.id)),
});

export const releasesRouter = router({
  list: viewer.input(input.releaseList).query(({ ctx: { ctx }, input }) =>
    catalogue.pageReleases(ctx, input)
  ),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => catalogue.getRelease(ctx, input.id)),
  publish: manager.input(input.newRelease).mutation(({ ctx: { ctx }, input }) => publishRelease(ctx, input)),
  edit: manager.input(oneId.extend({ changes: input.releaseChanges })).mutation(({ ctx: { ctx }, input }) =>
    catalogue.editRelease(ctx, input.id, input.changes)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => catalogue.deleteRelease(ctx, input.id)),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    catalogue.restoreRelease(ctx, input.id)
  ),
});
