// Products and the plans they are sold under.
import type { z } from "zod";
import {
  changeDeletion,
  deletedOrNot,
  editRow,
  lockParent,
  refuseMissing,
  type Restorable,
  restorableSince,
  restorableUntil,
} from "../changes.ts";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import type { planChanges, planList } from "../plans/inputs.ts";
import type { productChanges, productList } from "./inputs.ts";
import { containsPattern, listPage, type Page } from "../lists.ts";
import { refuse } from "../errors.ts";

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
      subjectId: product.id,
      after: { code: product.code, name: product.name },
    });
    return product;
  });
}

/** Adds a plan to a product; refuses `INVALID_REQUEST` when there is no such product. */
export async function createPlan(
  ctx: Context,
  input: Omit<PlanRow, "id" | "createdAt" | "deletedAt">,
): Promise<PlanRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    await lockParent(ctx, "product", input.productId);
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

export type ListedProduct = ProductRow & Restorable & {
  licenses: number;
  plans: number;
  latestRelease: string | null;
};
export type ListedPlan = PlanRow & Restorable & { productName: string; licenses: number };

/** Products, with what hangs on each. */
export async function listProducts(
  ctx: Context,
  query: z.infer<typeof productList>,
): Promise<Page<ListedProduct>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedProduct>(ctx, query, {
    columns: ctx.db`
      p.*, ${restorableUntil(ctx, ctx.db`p.deleted_at`)},
      (select count(*) from licenses l where l.product_id = p.id and l.deleted_at is null) as licenses,
      (select count(*) from plans where product_id = p.id and deleted_at is null) as plans,
      (
        select version
        from releases
        where product_id = p.id and deleted_at is null
        order by release_date desc, id desc
        limit 1
      ) as latest_release`,
    from: ctx.db`products p`,
    where: [
      deletedOrNot(ctx, ctx.db`p.deleted_at`, query.deleted),
      query.q
        ? ctx.db`(p.name ilike ${containsPattern(query.q)} or p.code ilike ${containsPattern(query.q)})`
        : null,
    ],
    sorts: { id: { by: "p.id", type: "bigint" }, name: { by: "lower(p.name)", type: "text" } },
    defaultSort: "name",
    id: "p.id",
  });
}

/** Plans, of one product or of all. */
export async function listPlans(ctx: Context, query: z.infer<typeof planList>): Promise<Page<ListedPlan>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedPlan>(ctx, query, {
    columns: ctx.db`
      plans.*, ${restorableUntil(ctx, ctx.db`plans.deleted_at`)}, p.name as product_name,
      (select count(*) from licenses l where l.plan_id = plans.id and l.deleted_at is null) as licenses`,
    from: ctx.db`plans join products p on p.id = plans.product_id`,
    where: [
      deletedOrNot(ctx, ctx.db`plans.deleted_at`, query.deleted),
      query.productId ? ctx.db`plans.product_id = ${query.productId}` : null,
      query.q
        ? ctx.db`(plans.name ilike ${containsPattern(query.q)} or plans.code ilike ${
          containsPattern(query.q)
        })`
        : null,
    ],
    sorts: { id: { by: "plans.id", type: "bigint" }, name: { by: "lower(plans.name)", type: "text" } },
    defaultSort: "id",
    id: "plans.id",
  });
}

/** A product by id, deleted ones too; refuses `NOT_FOUND`. */
export async function getProduct(ctx: Context, id: number): Promise<ProductRow & Restorable> {
  requireRole(ctx, "viewer");
  const [row] = await ctx.db<(ProductRow & Restorable)[]>`
    select *, ${restorableUntil(ctx, ctx.db`deleted_at`)}
    from products
    where id = ${id}`;
  return row ?? refuseMissing("product");
}

/** A plan by id, deleted ones too; refuses `NOT_FOUND`. */
export async function getPlan(ctx: Context, id: number): Promise<PlanRow & Restorable> {
  requireRole(ctx, "viewer");
  const [row] = await ctx.db<(PlanRow & Restorable)[]>`
    select *, ${restorableUntil(ctx, ctx.db`deleted_at`)}
    from plans
    where id = ${id}`;
  return row ?? refuseMissing("plan");
}

/**
 * Changes the fields of a product that are given.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when the code is taken
 */
export async function editProduct(
  ctx: Context,
  id: number,
  changes: z.infer<typeof productChanges>,
): Promise<ProductRow> {
  return await editRow<ProductRow>(ctx, "product", ["code", "name"], {
    held: (ctx) => ctx.db`select * from products where id = ${id} and deleted_at is null for update`,
    write: (ctx, row) =>
      ctx.db`update products set code = ${row.code}, name = ${row.name} where id = ${id} returning *`,
  }, changes);
}

/**
 * Changes the fields of a plan that are given. Licenses made from it keep their limits; its features reach all of them.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when the code is taken
 */
export async function editPlan(
  ctx: Context,
  id: number,
  changes: z.infer<typeof planChanges>,
): Promise<PlanRow> {
  const names = [
    "code",
    "name",
    "licenseType",
    "duration",
    "maxActivations",
    "maxUsers",
    "features",
  ] as const;
  return await editRow<PlanRow>(ctx, "plan", names, {
    held: (ctx) => ctx.db`select * from plans where id = ${id} and deleted_at is null for update`,
    write: (ctx, row) =>
      ctx.db`
        update plans
        set code = ${row.code}, name = ${row.name}, license_type = ${row.licenseType}, duration = ${row.duration},
          max_activations = ${row.maxActivations}, max_users = ${row.maxUsers}, features = ${row.features}
        where id = ${id}
        returning *`,
  }, changes);
}

/**
 * Deletes a product that has no licenses; restorable for 30 days.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` while there are licenses
 */
export async function deleteProduct(ctx: Context, id: number): Promise<void> {
  await changeDeletion<ProductRow>(
    ctx,
    { kind: "product", id },
    "product.deleted",
    (ctx) =>
      ctx.db`update products set deleted_at = ${ctx.now} where id = ${id} and deleted_at is null returning *`,
    async (ctx) => {
      const [{ count }] = await ctx.db<{ count: number }[]>`
        select count(*) as count
        from licenses
        where product_id = ${id} and deleted_at is null`;
      if (count > 0) {
        refuse("CONFLICT", { reason: "has_licenses", subject: "product", licenses: count });
      }
    },
  );
}

/** Deletes a plan: nothing new is sold under it, and licenses that are on it stay. */
export async function deletePlan(ctx: Context, id: number): Promise<void> {
  await changeDeletion<PlanRow>(
    ctx,
    { kind: "plan", id },
    "plan.deleted",
    (ctx) =>
      ctx.db`update plans set deleted_at = ${ctx.now} where id = ${id} and deleted_at is null returning *`,
  );
}

/** Restores a product deleted within the last 30 days. */
export async function restoreProduct(ctx: Context, id: number): Promise<ProductRow> {
  return await changeDeletion<ProductRow>(ctx, { kind: "product", id }, "product.restored", (ctx) =>
    ctx.db`
      update products set deleted_at = null where id = ${id} and deleted_at > ${
      restorableSince(ctx)
    } returning *`);
}

/** Restores a plan deleted within the last 30 days. */
export async function restorePlan(ctx: Context, id: number): Promise<PlanRow> {
  return await changeDeletion<PlanRow>(
    ctx,
    { kind: "plan", id },
    "plan.restored",
    (ctx) =>
      ctx.db`update plans set deleted_at = null where id = ${id} and deleted_at > ${
        restorableSince(ctx)
      } returning *`,
  );
}
