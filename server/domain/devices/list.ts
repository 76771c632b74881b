// Lists of devices, as administration calls activations.
import { shownKey } from "../shown_key.ts";
import type { z } from "zod";
import type { ActivationRow } from "../activations/activation.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { getExistingLicense } from "../licenses/list.ts";
import { containsPattern, listPage, type Page } from "../lists.ts";
import type { deviceList } from "./inputs.ts";

export type ListedDevice = ActivationRow & {
  licenseKey: string;
  customerId: number;
  customerName: string;
  productId: number;
  productName: string;
};

/** Lists devices, the newest first. */
export async function listDevices(
  ctx: Context,
  query: z.infer<typeof deviceList>,
): Promise<Page<ListedDevice>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedDevice>(ctx, query, {
    columns: ctx.db`
      a.*, ${
      shownKey(ctx, ctx.db`l.key`)
    } as license_key, c.id as customer_id, c.name as customer_name, p.id as product_id,
      p.name as product_name`,
    from: ctx.db`
      activations a
      join licenses l on l.id = a.license_id
      join customers c on c.id = l.customer_id
      join products p on p.id = l.product_id`,
    where: [
      ctx.db`l.deleted_at is null`,
      query.licenseId ? ctx.db`a.license_id = ${query.licenseId}` : null,
      query.customerId ? ctx.db`l.customer_id = ${query.customerId}` : null,
      query.userId ? ctx.db`l.user_id = ${query.userId}` : null,
      query.productId ? ctx.db`l.product_id = ${query.productId}` : null,
      query.appVersion ? ctx.db`a.app_version = ${query.appVersion}` : null,
      query.isActive === undefined ? null : ctx.db`a.is_active = ${query.isActive}`,
      query.q
        ? ctx.db`(a.machine_name ilike ${containsPattern(query.q)} or a.hardware_id ilike ${
          containsPattern(query.q)
        })`
        : null,
    ],
    sorts: { id: { by: "a.id", type: "bigint" } },
    defaultSort: "-id",
    id: "a.id",
  });
}

/**
 * All devices of a license, inactive ones too, the newest first.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function listDevicesOfLicense(ctx: Context, licenseId: number): Promise<ActivationRow[]> {
  await getExistingLicense(ctx, licenseId);
  return await ctx.db<ActivationRow[]>`
    select *
    from activations
    where license_id = ${licenseId}
    order by id desc`;
}
