// Lists of devices, as administration calls activations.
import { shownKey } from "../shown_key.ts";
import type { z } from "zod";
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import type { ActivationRow } from "../activations/activation.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { getExistingLicense } from "../licenses/list.ts";
import { allOf, type ListDefinition, listPage, type Page, searchPattern } from "../lists.ts";
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
    pageFrom: ctx.db`
      activations a
      join licenses l on l.id = a.license_id
      join customers c on c.id = l.customer_id
      join products p on p.id = l.product_id`,
    ...await selectDevices(ctx, query),
    sorts: { id: { by: "a.id", type: "bigint" } },
    defaultSort: "-id",
    id: "a.id",
  });
}

/** The devices of so many licenses are read license by license. */
const FEW = 1000;

/** The parts of the list that select the devices of a request. */
async function selectDevices(
  ctx: Context,
  query: z.infer<typeof deviceList>,
): Promise<Pick<ListDefinition, "from" | "where" | "forTotal">> {
  const ofDevice = [
    query.appVersion ? ctx.db`a.app_version = ${query.appVersion}` : null,
    query.isActive === undefined ? null : query.isActive ? ctx.db`a.is_active` : ctx.db`not a.is_active`,
    query.q
      ? ctx.db`(a.machine_name ilike ${searchPattern(query.q)} or a.hardware_id ilike ${
        searchPattern(query.q)
      })`
      : null,
  ];
  const { licenseId, customerId, userId, productId } = query;
  if (!(licenseId || customerId || userId || productId)) {
    // The few deleted licenses have an index of their own.
    const isDeleted = ctx.db`
      exists (
        select
        from licenses l
        where l.id = a.license_id and l.deleted_at is not null
      )`;
    return { from: ctx.db`activations a`, where: [...ofDevice, ctx.db`not ${isDeleted}`] };
  }
  const ofLicense = allOf(ctx, [
    ctx.db`l.deleted_at is null`,
    licenseId ? ctx.db`l.id = ${licenseId}` : null,
    customerId ? ctx.db`l.customer_id = ${customerId}` : null,
    userId ? ctx.db`l.user_id = ${userId}` : null,
    productId ? ctx.db`l.product_id = ${productId}` : null,
  ]);
  const licenses = await plannedForValues(ctx.db<{ id: number }[]>`
    select l.id
    from licenses l
    where ${ofLicense}
    limit ${FEW + 1}`);
  // "offset 0" keeps the devices of a license together: PostgreSQL would look for them among all devices, newest first.
  const devicesOf = (license: Fragment) =>
    ctx.db`(
      select *
      from activations
      where license_id = ${license}
      offset 0
    ) a`;
  if (licenses.length <= FEW) {
    const ids = licenses.map(({ id }) => id);
    return { from: devicesOf(ctx.db`any(${ids}::bigint[])`), where: ofDevice };
  }
  const isOfLicense = ctx.db`(
    select ${ofLicense}
    from licenses l
    where l.id = a.license_id
  )`;
  return {
    from: ctx.db`activations a`,
    where: [...ofDevice, isOfLicense],
    forTotal: {
      from: ctx.db`licenses l cross join lateral ${devicesOf(ctx.db`l.id`)}`,
      where: allOf(ctx, [...ofDevice, ofLicense]),
    },
  };
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
