// Issuing a license from a plan or explicit terms, with a generated or an imported key.
import { lockCustomer } from "../customers/customers.ts";
import { lockProduct } from "../products/products.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type CalendarDay, dayOf, endOfPeriod, isBefore, type PeriodEnd } from "../calendar.ts";
import { recordEvent } from "../events/record.ts";
import type { LicenseType, PlanRow } from "../plans/plans.ts";
import { refuse } from "../errors.ts";
import { enableImportedKeys } from "../settings/settings.ts";
import { generateKey, keyDigest, parseKey } from "./key.ts";
import type { LicenseRow } from "./license.ts";
import { cleanKey } from "./pasted_key.ts";

export interface NewLicense {
  customerId: number;
  productId: number;
  /** The account it belongs to. */
  userId?: number | null;
  /** The plan whose terms apply where none is given. */
  planId?: number | null;
  /** An imported key; by default one is generated. */
  key?: string;
  type?: LicenseType;
  /** The first day; by default today. */
  validFrom?: CalendarDay;
  /** The last day; null: never expires; the default is determined by the plan. */
  validUntil?: CalendarDay | null;
  maxActivations?: number;
  maxUsers?: number;
  notes?: string;
  tags?: string[];
  /** Whether a user's first sign-in started it. */
  isTrialOfUser?: boolean;
}

/**
 * Issues a license.
 *
 * @throws DomainError `INVALID_REQUEST` when customer, product or plan does not exist, or the last day is before the
 *   first, `CONFLICT` when the key exists already, `INVALID_LICENSE` when it is malformed
 */
export async function issueLicense(ctx: Context, input: NewLicense): Promise<LicenseRow> {
  requireRole(ctx, "manager");
  const key = input.key === undefined ? generateKey() : cleanKey(input.key);
  const parsed = parseKey(key);
  return await inTransaction(ctx, async (ctx) => {
    const plan = await findPlan(ctx, input);
    await lockProduct(ctx, input.productId);
    const customerId = await lockCustomer(ctx, input.customerId);
    const validFrom = input.validFrom ?? dayOf(ctx.now);
    const end = endOf(input, validFrom, plan);
    if (parsed.checksumMismatch && !ctx.settings.acceptImportedKeys) await enableImportedKeys(ctx);
    const [license] = await ctx.db<LicenseRow[]>`
      insert into licenses (
        key, key_digest, product_id, customer_id, user_id, plan_id, type,
        valid_from, valid_until, anchor_day, max_activations, max_users, notes, tags, created_at, updated_at
      ) values (
        ${key}, ${keyDigest(parsed)}, ${input.productId}, ${customerId},
        ${input.userId ?? null}, ${plan?.id ?? null},
        ${input.type ?? plan?.licenseType ?? "perpetual"},
        ${validFrom}, ${end.validUntil}, ${end.anchorDay},
        ${input.maxActivations ?? plan?.maxActivations ?? 1},
        ${input.maxUsers ?? plan?.maxUsers ?? 1},
        ${input.notes ?? ""}, ${input.tags ?? []},
        ${ctx.now}, ${ctx.now}
      )
      on conflict on constraint licenses_key_digest_unique do nothing
      returning *`;
    if (!license) {
      refuse("CONFLICT", { reason: "already_exists", subject: "license", field: "licenseKey" });
    }
    await recordEvent(ctx, {
      type: "license.created",
      subjectId: license.id,
      licenseId: license.id,
      customerId: license.customerId,
      after: {
        type: license.type,
        planId: license.planId,
        userId: license.userId,
        validFrom: license.validFrom,
        validUntil: license.validUntil,
        maxActivations: license.maxActivations,
        maxUsers: license.maxUsers,
        origin: input.key !== undefined ? "imported" : input.isTrialOfUser ? "trial" : "single",
      },
    });
    return license;
  });
}

/**
 * Checks input that will be issued later, by a job.
 *
 * @throws DomainError `INVALID_REQUEST`
 */
export async function requireIssuable(ctx: Context, input: NewLicense): Promise<void> {
  const plan = await findPlan(ctx, input);
  await lockProduct(ctx, input.productId);
  await lockCustomer(ctx, input.customerId);
  endOf(input, input.validFrom ?? dayOf(ctx.now), plan);
}

/** The last day of a license and its anchor: as given, or a period of the plan's from the first day. */
function endOf(
  { validUntil }: NewLicense,
  validFrom: CalendarDay,
  plan: PlanRow | null,
): PeriodEnd | { validUntil: null; anchorDay: null } {
  if (validUntil != null && isBefore(validUntil, validFrom)) {
    refuse("INVALID_REQUEST", { field: "validUntil", reason: "before_valid_from" });
  }
  if (validUntil !== undefined) return { validUntil, anchorDay: null };
  if (!plan?.duration) return { validUntil: null, anchorDay: null };
  return endOfPeriod(validFrom, plan.duration) ??
    refuse("INVALID_REQUEST", { field: "validFrom", reason: "ends_too_late" });
}

/** Generates a key that no license has. It is not reserved. */
export async function generateUnusedKey(ctx: Context): Promise<string> {
  requireRole(ctx, "manager");
  while (true) {
    const key = generateKey();
    const [existing] = await ctx.db`
      select 1
      from licenses
      where key_digest = ${keyDigest(parseKey(key))}`;
    if (!existing) return key;
  }
}

async function findPlan(ctx: Context, input: NewLicense): Promise<PlanRow | null> {
  if (input.planId == null) return null;
  const [plan] = await ctx.db<PlanRow[]>`
    select *
    from plans
    where id = ${input.planId} and product_id = ${input.productId} and deleted_at is null`;
  return plan ?? refuse("INVALID_REQUEST", { field: "planId", reason: "not_a_plan_of_this_product" });
}
