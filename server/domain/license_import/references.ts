// What rows of licenses refer to: products and plans by code or name, users and customers by address.
import type { Context } from "../context.ts";
import { findCustomersOf } from "../customers/import_duplicates.ts";
import type { PlanRow } from "../plans/plans.ts";
import type { TableLicense } from "./table_license.ts";

interface NamedProduct {
  id: number;
  code: string;
  name: string;
}

/** Products and plans of an import: few, and read once. */
export class Catalogue {
  private products: NamedProduct[] | null = null;
  private plans: PlanRow[] | null = null;

  /** Reads them, if that has not happened yet. */
  async load(ctx: Context): Promise<void> {
    this.products ??= await ctx.db<NamedProduct[]>`
      select id, code, name
      from products
      where deleted_at is null
      order by id`;
    this.plans ??= await ctx.db<PlanRow[]>`
      select *
      from plans
      where deleted_at is null
      order by id`;
  }

  /** The product with this code, else the one with this name. */
  product(text: string): NamedProduct | null {
    return named(this.products!, text);
  }

  /** The plan of a product, as `product`. */
  plan(productId: number, text: string): PlanRow | null {
    return named(this.plans!.filter((plan) => plan.productId === productId), text);
  }
}

function named<Item extends { code: string; name: string }>(items: Item[], text: string): Item | null {
  const folded = text.trim().toLowerCase();
  return items.find(({ code }) => code === folded) ??
    items.find(({ name }) => name.toLowerCase() === folded) ?? null;
}

/** The ids of users by address, for those that exist. */
export async function getUserIds(ctx: Context, rows: TableLicense[]): Promise<Map<string, number>> {
  const addresses = [...new Set(rows.flatMap(({ user }) => user ? [user.toLowerCase()] : []))];
  if (addresses.length === 0) return new Map();
  const users = await ctx.db<{ id: number; email: string }[]>`
    select id, email
    from users
    where email = any(${addresses})`;
  return new Map(users.map(({ id, email }) => [email, id]));
}

/** A customer as a row names it. An address in the column of the name is one. */
export function customerOf({ customer, email }: TableLicense): { name: string; email?: string } | null {
  const address = email ?? (customer?.includes("@") ? customer : undefined);
  const name = customer ?? email;
  return name ? { name, ...(address ? { email: address } : {}) } : null;
}

/**
 * For each row the key by which customers are equal, and the existing one: the one with the address, or without an address
 * the one with that name that has none either.
 */
export async function listCustomersOf(ctx: Context, rows: TableLicense[]) {
  return await findCustomersOf(ctx, rows.map((row) => customerOf(row) ?? { name: "" }));
}
