// Saving imported licenses with the customers that they create.
import type { Context } from "../context.ts";
import { lockCustomer, lockCustomers } from "../customers/customers.ts";
import { insertCustomers } from "../customers/import_save.ts";
import { insertImported } from "../licenses/imported.ts";
import { lockProduct } from "../products/products.ts";
import { listCustomersOf } from "./references.ts";
import type { ResolvedLicense } from "./resolved.ts";
import type { TableLicense } from "./table_license.ts";

/**
 * Inserts licenses whose rows were resolved.
 *
 * @returns their ids, in their order
 * @throws DomainError when a product or customer was deleted meanwhile, or a trial was used
 */
export async function insertLicenses(ctx: Context, rows: TableLicense[]): Promise<number[]> {
  const licenses = rows.map((row) => ({ row, ...row.resolved! }));
  for (const id of new Set(licenses.map(({ productId }) => productId))) await lockProduct(ctx, id);
  const customerIds = await customersOf(ctx, licenses);
  return await insertImported(
    ctx,
    licenses.map(({ row, ...license }, at) => ({
      ...license,
      key: row.key ?? null,
      customerId: customerIds[at],
      isActive: !row.disabled,
      disabledReason: row.disabled ? row.disabledReason ?? null : null,
      notes: row.notes ?? "",
      tags: row.tags ?? [],
    })),
  );
}

/** The customer of each license: the existing one, or one that is created now. */
async function customersOf(
  ctx: Context,
  licenses: (ResolvedLicense & { row: TableLicense })[],
): Promise<number[]> {
  const missing = licenses.filter(({ customerId }) => customerId === null);
  const created = new Map<TableLicense, number>();
  if (missing.length > 0) {
    // An earlier batch may have created it.
    const found = await listCustomersOf(ctx, missing.map(({ row }) => row));
    const ids = new Map(
      found.flatMap(({ key, customerId }) => customerId ? [[key, customerId] as const] : []),
    );
    const newKeys = [...new Set(found.map(({ key }) => key))].filter((key) => !ids.has(key));
    const customers = newKeys.map((key) =>
      missing[found.findIndex((other) => other.key === key)].newCustomer
    );
    if (customers.length > 0) {
      const inserted = await insertCustomers(ctx, customers);
      inserted.forEach((id, at) => ids.set(newKeys[at], id));
    }
    missing.forEach(({ row }, at) => created.set(row, ids.get(found[at].key)!));
  }
  const ids = licenses.map(({ row, customerId }) => customerId ?? created.get(row)!);
  const locked = await lockCustomers(ctx, ids);
  const current = new Map<number, number>();
  for (const id of new Set(ids)) current.set(id, locked.has(id) ? id : await lockCustomer(ctx, id));
  return ids.map((id) => current.get(id)!);
}
