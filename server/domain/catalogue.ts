// Listing, editing and withdrawing what is sold: products, plans and releases. Making them is in their own files.
import type { z } from "zod";
import type { Fragment } from "../../db/connect.ts";
import { changeDeletion, differences, refuseMissing, restorableSince } from "./changes.ts";
import { type Context, inTransaction, requireRole } from "./context.ts";
import { recordEvent } from "./events.ts";
import type {
  planChanges,
  planList,
  productChanges,
  productList,
  releaseChanges,
  releaseList,
} from "./inputs/catalogue.ts";
import { anywhere, listRows, type Page } from "./listing.ts";
import type { PlanRow, ProductRow } from "./products.ts";
import { refuse } from "./refusals.ts";
import type { ReleaseRow } from "./releases.ts";

export type ListedProduct = ProductRow & { licenses: number; plans: number; latestRelease: string | null };
export type ListedPlan = PlanRow & { productName: string; licenses: number };
export type ListedRelease = ReleaseRow & { productName: string };

/** Products, with what hangs on each. */
export function listProducts(ctx: Context, ask: z.infer<typeof productList>): Promise<Page<ListedProduct>> {
  requireRole(ctx, "viewer");
  return listRows<ListedProduct>(ctx, ask, {
    columns: ctx.db`
      p.*,
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
      deletedOrNot(ctx, ctx.db`p.deleted_at`, ask.deleted),
      ask.q ? ctx.db`(p.name ilike ${anywhere(ask.q)} or p.code ilike ${anywhere(ask.q)})` : null,
    ],
    sorts: { id: { by: "p.id", type: "bigint" }, name: { by: "lower(p.name)", type: "text" } },
    standard: "name",
    id: "p.id",
  });
}

/** Plans, of one product or of all. */
export function listPlans(ctx: Context, ask: z.infer<typeof planList>): Promise<Page<ListedPlan>> {
  requireRole(ctx, "viewer");
  return listRows<ListedPlan>(ctx, ask, {
    columns: ctx.db`
      plans.*, p.name as product_name,
      (select count(*) from licenses l where l.plan_id = plans.id and l.deleted_at is null) as licenses`,
    from: ctx.db`plans join products p on p.id = plans.product_id`,
    where: [
      deletedOrNot(ctx, ctx.db`plans.deleted_at`, ask.deleted),
      ask.productId ? ctx.db`plans.product_id = ${ask.productId}` : null,
      ask.q ? ctx.db`(plans.name ilike ${anywhere(ask.q)} or plans.code ilike ${anywhere(ask.q)})` : null,
    ],
    sorts: { id: { by: "plans.id", type: "bigint" }, name: { by: "lower(plans.name)", type: "text" } },
    standard: "id",
    id: "plans.id",
  });
}

/** Releases for people, the newest first; what apps are offered is in `releases.ts`. */
export function pageReleases(ctx: Context, ask: z.infer<typeof releaseList>): Promise<Page<ListedRelease>> {
  requireRole(ctx, "viewer");
  return listRows<ListedRelease>(ctx, ask, {
    columns: ctx.db`r.*, p.name as product_name`,
    from: ctx.db`releases r join products p on p.id = r.product_id`,
    where: [
      deletedOrNot(ctx, ctx.db`r.deleted_at`, ask.deleted),
      ask.productId ? ctx.db`r.product_id = ${ask.productId}` : null,
      ask.q ? ctx.db`(r.version ilike ${anywhere(ask.q)} or r.release_notes ilike ${anywhere(ask.q)})` : null,
    ],
    sorts: { id: { by: "r.id", type: "bigint" }, date: { by: "r.release_date", type: "date" } },
    standard: "-date",
    id: "r.id",
  });
}

function deletedOrNot(ctx: Context, column: Fragment, deleted = false): Fragment {
  return deleted ? ctx.db`${column} is not null` : ctx.db`${column} is null`;
}

/** A product by id, deleted ones too; refuses `NOT_FOUND`. */
export async function getProduct(ctx: Context, id: number): Promise<ProductRow> {
  requireRole(ctx, "viewer");
  const [row] = await ctx.db<ProductRow[]>`select * from products where id = ${id}`;
  return row ?? refuseMissing("product");
}

/** A plan by id, deleted ones too; refuses `NOT_FOUND`. */
export async function getPlan(ctx: Context, id: number): Promise<PlanRow> {
  requireRole(ctx, "viewer");
  const [row] = await ctx.db<PlanRow[]>`select * from plans where id = ${id}`;
  return row ?? refuseMissing("plan");
}

/** A release by id, withdrawn ones too; refuses `NOT_FOUND`. */
export async function getRelease(ctx: Context, id: number): Promise<ReleaseRow> {
  requireRole(ctx, "viewer");
  const [row] = await ctx.db<ReleaseRow[]>`select * from releases where id = ${id}`;
  return row ?? refuseMissing("release");
}

/**
 * Changes the fields of a product that are given.
 *
 * @throws Refusal `NOT_FOUND`, `CONFLICT` when the code is taken
 */
export function editProduct(
  ctx: Context,
  id: number,
  changes: z.infer<typeof productChanges>,
): Promise<ProductRow> {
  return edit<ProductRow>(ctx, "product", ["code", "name"], {
    held: (ctx) => ctx.db`select * from products where id = ${id} and deleted_at is null for update`,
    write: (ctx, row) =>
      ctx.db`update products set code = ${row.code}, name = ${row.name} where id = ${id} returning *`,
  }, changes);
}

/**
 * Changes the fields of a plan that are given. Licenses made from it keep their limits; its features reach all of them.
 *
 * @throws Refusal `NOT_FOUND`, `CONFLICT` when the code is taken
 */
export function editPlan(ctx: Context, id: number, changes: z.infer<typeof planChanges>): Promise<PlanRow> {
  const names = [
    "code",
    "name",
    "licenseType",
    "duration",
    "maxActivations",
    "maxUsers",
    "features",
  ] as const;
  return edit<PlanRow>(ctx, "plan", names, {
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
 * Changes the fields of a release that are given; its version stays what it is.
 *
 * @throws Refusal `NOT_FOUND`
 */
export function editRelease(
  ctx: Context,
  id: number,
  changes: z.infer<typeof releaseChanges>,
): Promise<ReleaseRow> {
  const names = ["releaseDate", "downloadUrl", "releaseNotes", "isMandatory"] as const;
  return edit<ReleaseRow>(ctx, "release", names, {
    held: (ctx) => ctx.db`select * from releases where id = ${id} and deleted_at is null for update`,
    write: (ctx, row) =>
      ctx.db`
        update releases
        set release_date = ${row.releaseDate}, download_url = ${row.downloadUrl},
          release_notes = ${row.releaseNotes}, is_mandatory = ${row.isMandatory}
        where id = ${id}
        returning *`,
  }, changes);
}

async function edit<Row extends { id: number }>(
  ctx: Context,
  kind: "product" | "plan" | "release",
  names: readonly (keyof Row & string)[],
  statements: { held: (ctx: Context) => Fragment; write: (ctx: Context, row: Row) => Fragment },
  changes: Partial<Row>,
): Promise<Row> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [before] = await (statements.held(ctx) as unknown as Promise<Row[]>);
    if (!before) refuseMissing(kind);
    const [after] = await (statements.write(ctx, { ...before, ...changes }) as unknown as Promise<Row[]>);
    const changed = differences(before, after, names);
    if (changed) await recordEvent(ctx, { type: `${kind}.updated`, subject: [kind, after.id], ...changed });
    return after;
  });
}

/**
 * Deletes a product that has no licenses; restorable for 30 days.
 *
 * @throws Refusal `NOT_FOUND`, `CONFLICT` while there are licenses
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
        refuse("CONFLICT", { licenses: count }, {
          message: "This product has licenses. Delete those first.",
        });
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

/** Withdraws a release: it is offered to nobody any more. */
export async function deleteRelease(ctx: Context, id: number): Promise<void> {
  await changeDeletion<ReleaseRow>(
    ctx,
    { kind: "release", id },
    "release.deleted",
    (ctx) =>
      ctx.db`update releases set deleted_at = ${ctx.now} where id = ${id} and deleted_at is null returning *`,
  );
}

/** Restores a product deleted within the last 30 days. */
export function restoreProduct(ctx: Context, id: number): Promise<ProductRow> {
  return changeDeletion<ProductRow>(ctx, { kind: "product", id }, "product.restored", (ctx) =>
    ctx.db`
      update products set deleted_at = null where id = ${id} and deleted_at > ${
      restorableSince(ctx)
    } returning *`);
}

/** Restores a plan deleted within the last 30 days. */
export function restorePlan(ctx: Context, id: number): Promise<PlanRow> {
  return changeDeletion<PlanRow>(
    ctx,
    { kind: "plan", id },
    "plan.restored",
    (ctx) =>
      ctx.db`update plans set deleted_at = null where id = ${id} and deleted_at > ${
        restorableSince(ctx)
      } returning *`,
  );
}

/** Publishes a withdrawn release again, within 30 days. */
export function restoreRelease(ctx: Context, id: number): Promise<ReleaseRow> {
  return changeDeletion<ReleaseRow>(ctx, { kind: "release", id }, "release.restored", (ctx) =>
    ctx.db`
      update releases set deleted_at = null where id = ${id} and deleted_at > ${
      restorableSince(ctx)
    } returning *`);
}
