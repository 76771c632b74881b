// Plans: the license type, duration, limits and features a product is sold with.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type DeletableEntity, entityVerbs } from "../entity.ts";
import { recordEvent } from "../events/record.ts";
import type { Metadata } from "../metadata.ts";
import { requireConsistentTerms } from "../policy/contradictions.ts";
import { defaultTerms, termNames, type Terms } from "../policy/inputs.ts";
import { allTermColumns, termAssignments, termValues } from "../policy/term_columns.ts";
import { lockProduct } from "../products/products.ts";
import type { newPlan, planChanges } from "./inputs.ts";

export type LicenseType = "perpetual" | "subscription" | "trial";

/** A row of `plans`. */
export interface PlanRow extends Terms {
  id: number;
  productId: number;
  code: string;
  name: string;
  licenseType: LicenseType;
  features: string[];
  metadata: Metadata;
  createdAt: Date;
  deletedAt: Date | null;
}

/** A plan that is created; terms that are not given have their defaults. */
export type NewPlan =
  & Omit<z.infer<typeof newPlan>, keyof Terms>
  & Pick<Terms, "duration" | "maxActivations" | "maxUsers">
  & Partial<Terms>;

const entity: DeletableEntity<PlanRow> = {
  subject: "plan",
  fields: ["code", "name", "licenseType", "features", "metadata", ...termNames],
  requireConsistent: requireConsistentTerms,
  select: (ctx, id, locking) =>
    ctx.db<PlanRow[]>`
      select *
      from plans
      where id = ${id}
      ${locking}`,
  save: (ctx, row) =>
    ctx.db<PlanRow[]>`
      update plans
      set code = ${row.code}, name = ${row.name}, license_type = ${row.licenseType}, features = ${row.features},
        metadata = ${ctx.db.json(row.metadata)},
        ${termAssignments(ctx.db, row)}, deleted_at = ${row.deletedAt}
      where id = ${row.id}
      returning *`,
  updated: (row, difference) => ({ type: "plan.updated", subjectId: row.id, ...difference }),
  deleted: ({ id, name }) => ({ type: "plan.deleted", subjectId: id, before: { name } }),
  restored: ({ id, name }) => ({ type: "plan.restored", subjectId: id, after: { name } }),
};

/**
 * Creates a plan of a product.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no such product or terms contradict each other, `CONFLICT` when the code exists already
 */
export async function createPlan(ctx: Context, given: NewPlan): Promise<PlanRow> {
  requireRole(ctx, "manager");
  const { metadata = {}, ...rest } = given;
  const input = { ...defaultTerms, ...rest };
  requireConsistentTerms(input);
  return await inTransaction(ctx, async (ctx) => {
    await lockProduct(ctx, input.productId);
    const [plan] = await ctx.db<PlanRow[]>`
      insert into plans (
        product_id, code, name, license_type, features, metadata, ${allTermColumns(ctx.db)}, created_at
      ) values (
        ${input.productId}, ${input.code}, ${input.name}, ${input.licenseType}, ${input.features},
        ${ctx.db.json(metadata)}, ${termValues(ctx.db, input)}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, { type: "plan.created", subjectId: plan.id, after: { ...input } });
    return plan;
  });
}

/**
 * The verbs of `EntityVerbs` for plans. Licenses keep their terms when their plan is updated, and stay valid when it is
 * deleted; changed features apply to all of them.
 *
 * @throws DomainError `CONFLICT` for an update when the code exists already
 */
export const {
  get: getPlan,
  update: updatePlan,
  delete: deletePlan,
  findDeleteConflict: findPlanDeleteConflict,
  restore: restorePlan,
} = entityVerbs<PlanRow, z.infer<typeof planChanges>>(entity);
