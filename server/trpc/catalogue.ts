// What is sold: products, plans, releases.
import { previewUpdates } from "../domain/version_checks/preview.ts";
import * as input from "../domain/products/inputs.ts";
import * as planInput from "../domain/plans/inputs.ts";
import * as releaseInput from "../domain/releases/inputs.ts";
import { listPlans } from "../domain/plans/list.ts";
import * as plans from "../domain/plans/plans.ts";
import { listProducts } from "../domain/products/list.ts";
import * as products from "../domain/products/products.ts";
import * as releases from "../domain/releases/releases.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const productsRouter = router({
  list: viewer.input(input.productList).query(({ ctx: { ctx }, input }) => listProducts(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => products.getProduct(ctx, input.id)),
  create: manager.input(input.newProduct).mutation(({ ctx: { ctx }, input }) =>
    products.createProduct(ctx, input)
  ),
  edit: manager.input(oneId.extend({ changes: input.productChanges })).mutation(({ ctx: { ctx }, input }) =>
    products.updateProduct(ctx, input)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => products.deleteProduct(ctx, input.id)),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => products.restoreProduct(ctx, input.id)),
});

export const plansRouter = router({
  list: viewer.input(planInput.planList).query(({ ctx: { ctx }, input }) => listPlans(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => plans.getPlan(ctx, input.id)),
  create: manager.input(planInput.newPlan).mutation(({ ctx: { ctx }, input }) =>
    plans.createPlan(ctx, input)
  ),
  edit: manager.input(oneId.extend({ changes: planInput.planChanges })).mutation(({ ctx: { ctx }, input }) =>
    plans.updatePlan(ctx, input)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => plans.deletePlan(ctx, input.id)),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => plans.restorePlan(ctx, input.id)),
});

export const releasesRouter = router({
  list: viewer.input(releaseInput.releaseList).query(({ ctx: { ctx }, input }) =>
    releases.listReleases(ctx, input)
  ),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => releases.getRelease(ctx, input.id)),
  /** The updates that apps of some versions would be offered. */
  explain: viewer.input(releaseInput.updatePreviewQuery).query(({ ctx: { ctx }, input }) =>
    previewUpdates(ctx, input)
  ),
  publish: manager.input(releaseInput.newRelease).mutation(({ ctx: { ctx }, input }) =>
    releases.publishRelease(ctx, input)
  ),
  edit: manager.input(oneId.extend({ changes: releaseInput.releaseChanges })).mutation((
    { ctx: { ctx }, input },
  ) => releases.updateRelease(ctx, input)),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => releases.deleteRelease(ctx, input.id)),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => releases.restoreRelease(ctx, input.id)),
});
