// What a new license begins with: its plan, terms and days. One license and thousands of them are issued with the same.
import type { Fragment } from "../../../db/connect.ts";
import { type CalendarDay, dayOf, endOfPeriod, isBefore, type PeriodEnd } from "../calendar.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { LicenseType, PlanRow } from "../plans/plans.ts";
import { requireConsistentTerms } from "../policy/contradictions.ts";
import { defaultTerms, termNames, type Terms } from "../policy/inputs.ts";
import { allTermColumns, termValues } from "../policy/term_columns.ts";
import type { StartsWith } from "./start.ts";
import { updatesEnd } from "../policy/updates.ts";

/** What is given for a license that is issued. */
export interface GivenTerms extends Partial<Terms> {
  productId: number;
  /** The plan whose terms apply where none is given. */
  planId?: number | null;
  type?: LicenseType;
  /** The first day; by default today. */
  validFrom?: CalendarDay;
  /** The last day; null: never expires; the default is determined by the plan. */
  validUntil?: CalendarDay | null;
  /** The last day whose releases are included; the default is determined by the terms. */
  updatesUntil?: CalendarDay | null;
}

/** The values of a new license but its key, customer and user. */
export interface NewTerms {
  planId: number | null;
  type: LicenseType;
  validFrom: CalendarDay;
  validUntil: CalendarDay | null;
  /** See `PeriodEnd`. */
  anchorDay: number | null;
  updatesUntil: CalendarDay | null;
  /** With what the first period begins; null: with the first day. */
  startsWith: StartsWith | null;
  terms: Terms;
}

/**
 * Determines the terms of a license that is issued: as given, else the plan's, else the defaults.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no such plan, the last day is before the first, a period ends after
 *   9999-12-31, or terms contradict each other
 */
export async function newTerms(ctx: Context, given: GivenTerms): Promise<NewTerms> {
  return termsOf(await findPlan(ctx, given), given, dayOf(ctx.now));
}

/**
 * As `newTerms`, with the plan at hand; `given.planId` does not count.
 *
 * @param today the first day where none is given
 */
export function termsOf(plan: PlanRow | null, given: GivenTerms, today: CalendarDay): NewTerms {
  const terms = { ...defaultTerms, ...valuesOf(plan ?? {}), ...valuesOf(given) };
  const type = given.type ?? plan?.licenseType ?? "perpetual";
  requireConsistentTerms({ ...terms, licenseType: type });
  const validFrom = given.validFrom ?? today;
  const startsWith = startOf(given, terms);
  return {
    planId: plan?.id ?? null,
    type,
    validFrom,
    ...endOf(given, validFrom, startsWith ? null : terms.duration),
    updatesUntil: given.updatesUntil !== undefined
      ? given.updatesUntil
      : updatesEnd(validFrom, startsWith ? null : terms.updates),
    startsWith,
    terms,
  };
}

/** With what the first period begins: what is given for its end needs no beginning. */
function startOf(
  { validUntil, updatesUntil }: GivenTerms,
  { expiryBasis, duration, updates }: Terms,
): StartsWith | null {
  const isOpen = validUntil === undefined && updatesUntil === undefined && (duration ?? updates) !== null;
  return isOpen && expiryBasis !== "issue" ? expiryBasis : null;
}

/** The columns of `NewTerms`, for an insert. */
export function newTermColumns({ db }: Context): Fragment {
  return db`
    plan_id, type, valid_from, valid_until, anchor_day, updates_until, starts_with, ${allTermColumns(db)}`;
}

/** The values in the order of `newTermColumns`. */
export function newTermValues({ db }: Context, given: NewTerms): Fragment {
  return db`
    ${given.planId}, ${given.type}, ${given.validFrom}, ${given.validUntil}, ${given.anchorDay},
    ${given.updatesUntil}, ${given.startsWith}, ${termValues(db, given.terms)}`;
}

/** The facts of the event of a new license: the limits, and the other terms that differ from the defaults. */
export function newTermFacts({ planId, type, validFrom, validUntil, terms }: NewTerms) {
  const { maxActivations, maxUsers, ...others } = terms;
  const differing = Object.entries(others).filter(([name, value]) =>
    JSON.stringify(value) !== JSON.stringify(defaultTerms[name as keyof Terms])
  );
  return {
    type,
    planId,
    validFrom,
    validUntil,
    maxActivations,
    maxUsers,
    ...Object.fromEntries(differing) as Partial<typeof others>,
  };
}

/** Those of the terms that have a value. */
function valuesOf(given: Partial<Terms>): Partial<Terms> {
  return Object.fromEntries(
    termNames.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
  );
}

/** The last day of a license and its anchor: as given, or a period from the first day. */
function endOf(
  { validUntil }: GivenTerms,
  validFrom: CalendarDay,
  duration: string | null,
): PeriodEnd | { validUntil: null; anchorDay: null } {
  if (validUntil != null && isBefore(validUntil, validFrom)) {
    refuse("INVALID_REQUEST", { field: "validUntil", reason: "before_valid_from" });
  }
  if (validUntil !== undefined) return { validUntil, anchorDay: null };
  if (!duration) return { validUntil: null, anchorDay: null };
  return endOfPeriod(validFrom, duration) ??
    refuse("INVALID_REQUEST", { field: "validFrom", reason: "ends_too_late" });
}

async function findPlan(ctx: Context, { planId, productId }: GivenTerms): Promise<PlanRow | null> {
  if (planId == null) return null;
  const [plan] = await ctx.db<PlanRow[]>`
    select *
    from plans
    where id = ${planId} and product_id = ${productId} and deleted_at is null`;
  return plan ?? refuse("INVALID_REQUEST", { field: "planId", reason: "not_a_plan_of_this_product" });
}
