// Reading licenses in administration: the list, one by id, and those of a customer.
import { shownKey } from "../shown_key.ts";
import type { z } from "zod";
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import { type Restorable, restorableUntilColumn } from "../soft_delete.ts";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type CalendarDay, dayOf } from "../calendar.ts";
import { getCustomer } from "../customers/customers.ts";
import { ofCurrentCustomer } from "../merged_customers.ts";
import { withRevision } from "../entity.ts";
import type { WithRevision } from "../revision.ts";
import type { licenseFilters, licenseList } from "./inputs.ts";
import { allOf } from "../list_conditions.ts";
import { listPage, type Page } from "../lists.ts";
import { inPeriodOf } from "../periods.ts";
import { refuse } from "../errors.ts";
import { cheapestOf } from "../plan.ts";
import { graceEndOn, inState, stateOn } from "../policy/conditions.ts";
import { allTermColumns } from "../policy/term_columns.ts";
import { hasMeterAt } from "../usage/near_limit.ts";
import { isOverLimit } from "../usage/over_limit.ts";
import type { LicenseState } from "../policy/terms.ts";
import { hasMetadata } from "../metadata_columns.ts";
import { ofCustomersWith, ofPlansWith } from "./by_metadata.ts";
import { hasTag } from "../tags.ts";
import { licenseFields, type LicenseRow } from "./license.ts";
import { type Selection, selectMatching } from "./search.ts";

/** A license with names and state. */
export type ListedLicense =
  & Omit<LicenseRow, "keyDigest" | "anchorDay" | "periodsFrom" | "nextExpiryNoticeOn" | "nextLeaseCheck">
  & Restorable
  & {
    customerName: string;
    customerEmail: string | null;
    productName: string;
    productCode: string;
    planName: string | null;
    planCode: string | null;
    userEmail: string | null;
    state: LicenseState;
    /** The last day of its grace; null when it has none or never expires. */
    graceEnds: CalendarDay | null;
  };

/** Lists licenses, by default the newest first. */
export async function listLicenses(
  ctx: Context,
  query: z.infer<typeof licenseList>,
): Promise<Page<ListedLicense>> {
  requireRole(ctx, "viewer");
  const { endsBy, ...others } = query;
  // In every order but their own, licenses that ended long ago come late.
  const isFoundFirst = endsBy && !query.q && !query.sort?.endsWith("validUntil");
  return await listPage<ListedLicense>(ctx, query, {
    columns: columns(ctx),
    from: ctx.db`licenses l`,
    pageFrom: tables(ctx),
    ...await selection(ctx, isFoundFirst ? others : query),
    text: isFoundFirst ? ctx.db`l.valid_until <= ${endsBy}::date` : null,
    sorts: {
      id: { by: "l.id", type: "bigint" },
      validUntil: { by: "coalesce(l.valid_until, 'infinity'::date)", type: "date" },
      key: { by: "l.key", type: "text", hidden: { table: "licenses", column: "key" } },
      updatedAt: { by: "l.updated_at", type: "timestamptz" },
    },
    defaultSort: "-id",
    id: "l.id",
  });
}

/** Licenses that a bulk change takes. */
const MAX_IDS = 10_000;

/** The ids of the licenses that match a filter, for a bulk change; the newest first. */
export async function listLicenseIds(
  ctx: Context,
  query: z.infer<typeof licenseFilters>,
): Promise<{ ids: number[]; isMore: boolean }> {
  requireRole(ctx, "viewer");
  const { where, checks = [], matches, inOrder } = await selection(ctx, query);
  const newest = (from: Fragment) =>
    ctx.db`
      select l.id
      from ${from}
      order by l.id desc
      limit ${MAX_IDS + 1}`;
  const { statement } = await cheapestOf(ctx, [
    ...inOrder ? [newest(ctx.db`licenses l where ${inOrder}`)] : [],
    newest(matches ? ctx.db`${matches} l` : ctx.db`licenses l where ${allOf(ctx, [...where, ...checks])}`),
  ]);
  const rows = await plannedForValues(ctx.db<{ id: number }[]>`${statement}`);
  return { ids: rows.slice(0, MAX_IDS).map(({ id }) => id), isMore: rows.length > MAX_IDS };
}

/**
 * A license by id, deleted or not.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getLicenseById(ctx: Context, id: number): Promise<ListedLicense & WithRevision> {
  requireRole(ctx, "viewer");
  const [row] = await ctx.db<ListedLicense[]>`
    select ${columns(ctx)}
    from ${tables(ctx)}
    where l.id = ${id}`;
  if (!row) refuse("NOT_FOUND", { subject: "license", field: "licenseId" });
  return withRevision({ fields: licenseFields }, row);
}

/**
 * A license by id, unless it is deleted.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getExistingLicense(ctx: Context, id: number): Promise<ListedLicense> {
  const license = await getLicenseById(ctx, id);
  return license.deletedAt ? refuse("NOT_FOUND", { subject: "license", field: "licenseId" }) : license;
}

/**
 * A customer's licenses, the newest first.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function listLicensesOfCustomer(ctx: Context, customerId: number): Promise<ListedLicense[]> {
  const { id } = await getCustomer(ctx, customerId);
  return await ctx.db<ListedLicense[]>`
    select ${columns(ctx)}
    from ${tables(ctx)}
    where l.customer_id = ${id} and l.deleted_at is null
    order by l.id desc`;
}

/** The parts of the list that select the licenses of a request. */
async function selection(
  ctx: Context,
  given: z.infer<typeof licenseFilters>,
): Promise<Selection> {
  const query = await ofCurrentCustomer(ctx, given);
  const conditions = [
    query.deleted ? ctx.db`l.deleted_at is not null` : ctx.db`l.deleted_at is null`,
    query.customerId ? ctx.db`l.customer_id = ${query.customerId}` : null,
    query.userId ? ctx.db`l.user_id = ${query.userId}` : null,
    query.productId ? ctx.db`l.product_id = ${query.productId}` : null,
    query.planId ? ctx.db`l.plan_id = ${query.planId}` : null,
    query.type ? ctx.db`l.type = ${query.type}` : null,
    query.state ? inState(ctx, "l", query.state, dayOf(ctx.now)) : null,
    query.overLimit === undefined ? null : isOverLimit(ctx, query.overLimit),
    query.usage ? hasMeterAt(ctx, query.usage) : null,
    query.endsBy ? ctx.db`coalesce(l.valid_until, 'infinity'::date) <= ${query.endsBy}::date` : null,
    // What never expires sorts as infinity; it expires on no day.
    query.endsFrom
      ? ctx.db`
        coalesce(l.valid_until, 'infinity'::date) >= ${query.endsFrom}::date and l.valid_until is not null`
      : null,
    hasTag(ctx, ctx.db`l.tags`, query.tag),
    hasMetadata(ctx, ctx.db`l.metadata`, query.metadata),
    query.entitlement ? ctx.db`l.entitlements ? ${query.entitlement}::text and l.entitlements <> '{}'` : null,
    ...await inPeriodOf(ctx, "l", { since: query.createdSince, until: query.createdUntil }),
    query.jobId ? ctx.db`l.id in (select license_id from job_licenses where job_id = ${query.jobId})` : null,
    ...await ofPlansWith(ctx, query.planMetadata),
  ];
  const ofCustomers = await ofCustomersWith(ctx, query.customerMetadata);
  if (query.q) return await selectMatching(ctx, query.q, [...conditions, ofCustomers.condition]);
  return ofCustomers.isLookedUp
    ? { where: conditions, checks: [ofCustomers.condition] }
    : { where: [...conditions, ofCustomers.condition] };
}

function columns(ctx: Context): Fragment {
  return ctx.db`
    l.id, ${
    shownKey(ctx, ctx.db`l.key`)
  } as key, l.product_id, l.customer_id, l.user_id, l.plan_id, l.type, l.is_active, l.disabled_reason, l.disable_at,
    l.disable_reason, l.enable_at, l.valid_from, l.valid_until, l.updates_until, l.starts_with, ${
    allTermColumns(ctx.db, "l")
  }, l.activations_in_use, l.notes, l.tags, l.metadata, l.created_at, l.updated_at, l.deleted_at,
    ${restorableUntilColumn(ctx, ctx.db`l.deleted_at`)},
    c.name as customer_name, c.email as customer_email, p.name as product_name, p.code as product_code,
    plans.name as plan_name, plans.code as plan_code,
    (select email from users where id = l.user_id) as user_email, ${
    stateOn(ctx, "l", dayOf(ctx.now))
  } as state, ${graceEndOn(ctx, "l")} as grace_ends`;
}

function tables(ctx: Context): Fragment {
  return ctx.db`
    licenses l
    join customers c on c.id = l.customer_id
    join products p on p.id = l.product_id
    left join plans on plans.id = l.plan_id`;
}
