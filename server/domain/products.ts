// Products and the plans they are sold under.
import { type Context, inTransaction, requireRole } from "./context.ts";
import { recordEvent } from "./events.ts";

/** How a license is sold. */
export type LicenseType = "perpetual" | "subscription" | "trial";

/** A row of `products`. */
export interface ProductRow {
  id: number;
  code: string;
  name: string;
  createdAt: Date;
  deletedAt: Date | null;
}

/** A row of `plans`. */
export interface PlanRow {
  id: number;
  productId: number;
  code: string;
  name: string;
  licenseType: LicenseType;
  /** ISO 8601, whole days, months or years ("P1M"); null is for ever. */
  duration: string | null;
  maxActivations: number;
  maxUsers: number;
  features: string[];
  createdAt: Date;
  deletedAt: Date | null;
}

/** Adds a product. */
export async function createProduct(
  ctx: Context,
  input: { code: string; name: string },
): Promise<ProductRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [product] = await ctx.db<ProductRow[]>`
      insert into products (code, name, created_at)
      values (${input.code}, ${input.name}, ${ctx.now})
      returning *`;
    await recordEvent(ctx, {
      type: "product.created",
      subject: ["product", product.id],
      after: { code: product.code, name: product.name },
    });
    return product;
  });
}

/** Adds a plan to a product. */
export async function createPlan(
  ctx: Context,
  input: Omit<PlanRow, "id" | "createdAt" | "deletedAt">,
): Promise<PlanRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [plan] = await ctx.db<PlanRow[]>`
      insert into plans (
        product_id, code, name, license_type, duration, max_activations, max_users, features, created_at
      ) values (
        ${input.productId}, ${input.code}, ${input.name}, ${input.licenseType}, ${input.duration},
        ${input.maxActivations}, ${input.maxUsers}, ${input.features}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, { type: "plan.created", subject: ["plan", plan.id], after: { ...input } });
    return plan;
  });
}
