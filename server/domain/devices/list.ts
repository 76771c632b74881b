// Lists of devices, as administration calls activations.
import { shownKey } from "../shown_key.ts";
import type { z } from "zod";
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import type { ActivationRow } from "../activations/activation.ts";
import { activationFields } from "../activations/edit.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { ofCurrentCustomer } from "../merged_customers.ts";
import { withRevision } from "../entity.ts";
import { refuse } from "../errors.ts";
import type { WithRevision } from "../revision.ts";
import { leaseEndOf } from "../licenses/lease_checks.ts";
import { getExistingLicense } from "../licenses/list.ts";
import { allOf } from "../list_conditions.ts";
import { hasMetadata } from "../metadata_columns.ts";
import { type ListDefinition, listPage, type Page } from "../lists.ts";
import { inPeriodOf } from "../periods.ts";
import type { deviceList } from "./inputs.ts";
import { deviceMatches, selectMatchingDevices } from "./search.ts";

export type ListedDevice = ActivationRow & {
  /** When it lapses unless it is heard of; null: never, or it is inactive. */
  leaseEnds: Date | null;
  licenseKey: string;
  customerId: number;
  customerName: string;
  productId: number;
  productName: string;
};

function columns(ctx: Context): Fragment {
  return ctx.db`
    a.*, ${shownKey(ctx, ctx.db`l.key`)} as license_key, c.id as customer_id, c.name as customer_name,
    p.id as product_id, p.name as product_name,
    case when a.is_active then ${leaseEndOf(ctx)} end as lease_ends`;
}

const tables = (ctx: Context): Fragment =>
  ctx.db`
    activations a
    join licenses l on l.id = a.license_id
    join customers c on c.id = l.customer_id
    join products p on p.id = l.product_id`;

/**
 * A device by id, active or not.
 *
 * @throws DomainError `NOT_FOUND`, also for a device of a deleted license
 */
export async function getDevice(ctx: Context, id: number): Promise<ListedDevice & WithRevision> {
  requireRole(ctx, "viewer");
  const [device] = await ctx.db<ListedDevice[]>`
    select ${columns(ctx)}
    from ${tables(ctx)}
    where a.id = ${id} and l.deleted_at is null`;
  if (!device) refuse("NOT_FOUND", { subject: "device", field: "id" });
  return withRevision({ fields: activationFields }, device);
}

/** Lists devices, the newest first. */
export async function listDevices(
  ctx: Context,
  query: z.infer<typeof deviceList>,
): Promise<Page<ListedDevice>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedDevice>(ctx, query, {
    columns: columns(ctx),
    pageFrom: tables(ctx),
    ...await selectDevices(ctx, query),
    sorts: { id: { by: "a.id", type: "bigint" } },
    defaultSort: "-id",
    id: "a.id",
  });
}

/** The devices of so many licenses are read license by license. */
const FEW = 1000;

type DeviceSelection = Pick<ListDefinition, "from" | "where" | "checks" | "forTotal">;

/** The parts of the list that select the devices of a request. */
async function selectDevices(
  ctx: Context,
  query: z.infer<typeof deviceList>,
): Promise<DeviceSelection> {
  const ofDevice = [
    query.appVersion ? ctx.db`a.app_version = ${query.appVersion}` : null,
    hasMetadata(ctx, ctx.db`a.metadata`, query.metadata),
    query.isActive === undefined ? null : query.isActive ? ctx.db`a.is_active` : ctx.db`not a.is_active`,
    ...await inPeriodOf(ctx, "a", { since: query.activatedSince, until: query.activatedUntil }),
  ];
  const { licenseId, customerId, userId, productId } = await ofCurrentCustomer(ctx, query);
  const isOfAny = !(licenseId || customerId || userId || productId);
  const ofLicense = allOf(ctx, [
    ctx.db`l.deleted_at is null`,
    licenseId ? ctx.db`l.id = ${licenseId}` : null,
    customerId ? ctx.db`l.customer_id = ${customerId}` : null,
    userId ? ctx.db`l.user_id = ${userId}` : null,
    productId ? ctx.db`l.product_id = ${productId}` : null,
  ]);
  if (!isOfAny) {
    const licenses = await plannedForValues(ctx.db<{ id: number }[]>`
      select l.id
      from licenses l
      where ${ofLicense}
      limit ${FEW + 1}`);
    if (licenses.length <= FEW) {
      const ids = licenses.map(({ id }) => id);
      return {
        from: devicesOf(ctx, ctx.db`any(${ids}::bigint[])`),
        where: [...ofDevice, query.q ? deviceMatches(ctx, query.q) : null],
      };
    }
  }
  // The few deleted licenses have an index of their own.
  const isOfLicense = isOfAny
    ? ctx.db`
      not exists (
        select
        from licenses l
        where l.id = a.license_id and l.deleted_at is not null
      )`
    : ctx.db`(
      select ${ofLicense}
      from licenses l
      where l.id = a.license_id
    )`;
  if (query.q) {
    const { where, forTotal } = await selectMatchingDevices(ctx, query.q);
    // Nearly every device is of a license that is not deleted, and few are of one product.
    const [likely, unlikely] = isOfAny ? [[isOfLicense], ofDevice] : [[], [...ofDevice, isOfLicense]];
    return {
      from: ctx.db`activations a`,
      where: [...likely, where],
      checks: unlikely,
      ...(forTotal && {
        forTotal: {
          from: forTotal.from,
          where: allOf(ctx, [...likely, forTotal.where]),
          checks: unlikely,
        },
      }),
    };
  }
  return {
    from: ctx.db`activations a`,
    where: [...ofDevice, isOfLicense],
    ...(!isOfAny && {
      forTotal: {
        from: ctx.db`licenses l cross join lateral ${devicesOf(ctx, ctx.db`l.id`)}`,
        where: allOf(ctx, [...ofDevice, ofLicense]),
      },
    }),
  };
}

/**
 * The devices of a license or of several. "offset 0" keeps those of a license together: PostgreSQL would look for them among
 * all devices, newest first.
 */
function devicesOf(ctx: Context, license: Fragment): Fragment {
  return ctx.db`(
    select *
    from activations
    where license_id = ${license}
    offset 0
  ) a`;
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
