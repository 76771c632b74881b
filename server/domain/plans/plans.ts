// Plans: the license type, duration, limits and features a product is sold with.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type DeletableEntity, entityVerbs } from "../entity.ts";
import { recordEvent } from "../events/record.ts";
import { lockProduct } from "../products/products.ts";
import type { newPlan, planChanges } from "./inputs.ts";

export type LicenseType = "perpetual" | "subscription" | "trial";

/** A row of `plans`. */
export interface PlanRow {
  id: number;
  productId: number;
  code: string;
  name: string;
  licenseType: LicenseType;
  /** An ISO 8601 duration in whole days, months or years, such as "P1M"; null: licenses never expire. */
  duration: string | null;
  maxActivations: number;
  maxUsers: number;
  features: string[];
  createdAt: Date;
  deletedAt: Date | null;
}

const entity: DeletableEntity<PlanRow> = {
  subject: "plan",
  fields: ["code", "name", "licenseType", "duration", "maxActivations", "maxUsers", "features"],
  select: (ctx, id, locking) =>
    ctx.db<PlanRow[]>`
      select *
      from plans
      where id = ${id}
      ${locking}`,
  save: (ctx, row) =>
    ctx.db<PlanRow[]>`
      update plans
      set code = ${row.code}, name = ${row.name}, license_type = ${row.licenseType}, duration = ${row.duration},
        max_activations = ${row.maxActivations}, max_users = ${row.maxUsers}, features = ${row.features},
        deleted_at = ${row.deletedAt}
      where id = ${row.id}
      returning *`,
  updated: (row, difference) => ({ type: "plan.updated", subjectId: row.id, ...difference }),
  deleted: ({ id, name }) => ({ type: "plan.deleted", subjectId: id, before: { name } }),
  restored: ({ id, name }) => ({ type: "plan.restored", subjectId: id, after: { name } }),
};

/**
 * Creates a plan of a product.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no such product, `CONFLICT` when the code exists already
 */
export async function createPlan(ctx: Context, input: z.infer<typeof newPlan>): Promise<PlanRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    await lockProduct(ctx, input.productId);
    const [plan] = await ctx.db<PlanRow[]>`
      insert into plans (
        product_id, code, name, license_type, duration, max_activations, max_users, features, created_at
      ) values (
        ${input.productId}, ${input.code}, ${input.name}, ${input.licenseType}, ${input.duration},
        ${input.maxActivations}, ${input.maxUsers}, ${input.features}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, { type: "plan.created", subjectId: plan.id, after: { ...input } });
    return plan;
  });
}

/**
 * The verbs of `EntityVerbs` for plans. Licenses keep their limits when their plan is updated, and stay valid when it is
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
