// Plans: list, read, create, edit, delete and restore.
import * as planInput from "../domain/plans/inputs.ts";
import { previewPlanTerms, requestPlanTerms } from "../domain/plan_terms/apply.ts";
import { planTerms, planTermsPreview } from "../domain/plan_terms/inputs.ts";
import { listPlans } from "../domain/plans/list.ts";
import * as plans from "../domain/plans/plans.ts";
import { deleteConflict } from "./delete_conflict.ts";
import { editOf, manager, oneId, router, viewer } from "./trpc.ts";

export const plansRouter = router({
  list: viewer.input(planInput.planList).query(({ ctx: { ctx }, input }) => listPlans(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => plans.getPlan(ctx, input.id)),
  create: manager.input(planInput.newPlan).mutation(({ ctx: { ctx }, input }) =>
    plans.createPlan(ctx, input)
  ),
  edit: manager.input(editOf(planInput.planChanges)).mutation(({ ctx: { ctx }, input }) =>
    plans.updatePlan(ctx, input)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => plans.deletePlan(ctx, input.id)),
  deleteConflict: deleteConflict(plans.findPlanDeleteConflict),
  /** What its terms would do to its licenses. */
  previewTerms: manager.input(oneId.extend(planTermsPreview.shape)).mutation(
    ({ ctx: { ctx }, input: { id: planId, ...input } }) => previewPlanTerms(ctx, { ...input, planId }),
  ),
  applyTerms: manager.input(oneId.extend(planTerms.shape)).mutation(
    ({ ctx: { ctx }, input: { id: planId, ...input } }) => requestPlanTerms(ctx, { ...input, planId }),
  ),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => plans.restorePlan(ctx, input.id)),
});
