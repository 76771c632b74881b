// Bulk changes of licenses: which licenses a change affects, what it sets, and its event. The verbs and the
// preview use the same definitions, so that the preview is exact.
import type { Fragment } from "../../../db/connect.ts";
import { restorableSince } from "../soft_delete.ts";
import { type Context, inTransaction } from "../context.ts";
import { dayOf, LAST_DAY } from "../calendar.ts";
import { eventsFrom, type EventType } from "../events/record.ts";

/** A change, as SQL on `licenses l`. */
export interface BulkChange {
  type: EventType;
  /** The licenses it affects. */
  where: Fragment;
  /** The `from` list, when the change joins values for each license. */
  from?: Fragment;
  /** The event's facts before and after the change, as jsonb. */
  before: Fragment;
  after: Fragment;
  /** What an undo needs besides, as jsonb. */
  undo?: Fragment;
  /** The customer that the event is about; by default the license's. */
  customer?: Fragment;
  /** The assignments; `locked.after` has the facts after the change. */
  set: Fragment;
}

/** A license that a change affected. */
export interface ChangedLicense {
  id: number;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** A license that a change affected, with what its undo needs besides `before`. */
export type UndoableLicense = ChangedLicense & { undo: Record<string, unknown> | null };

/**
 * Enables or disables.
 *
 * @param reason why they are disabled
 */
export function enablement(ctx: Context, enabled: boolean, reason: string | null = null): BulkChange {
  return {
    type: enabled ? "license.enabled" : "license.disabled",
    where: ctx.db`l.deleted_at is null and l.is_active <> ${enabled}`,
    before: ctx.db`
      jsonb_strip_nulls(jsonb_build_object('isActive', l.is_active, 'reason', l.disabled_reason))`,
    after: ctx.db`
      jsonb_strip_nulls(jsonb_build_object('isActive', ${enabled}::boolean, 'reason', ${reason}::text))`,
    set: ctx.db`is_active = ${enabled}, disabled_reason = ${reason}`,
  };
}

/** Schedules that they are disabled, with a reason, or enabled at an instant. Replaces the time that was scheduled for that. */
export function scheduling(
  ctx: Context,
  { enabled, at, reason = null }: { enabled: boolean; at: string; reason?: string | null },
): BulkChange {
  const instant = ctx.db`${at}::timestamptz`;
  const disableAt = enabled ? ctx.db`l.disable_at` : instant;
  const disableReason = enabled ? ctx.db`l.disable_reason` : ctx.db`${reason}::text`;
  const enableAt = enabled ? instant : ctx.db`l.enable_at`;
  return {
    type: "license.change_scheduled",
    where: ctx.db`
      l.deleted_at is null
      and (l.disable_at, l.disable_reason, l.enable_at) is distinct from (${disableAt}, ${disableReason}, ${enableAt})`,
    before: scheduleOf(ctx, ctx.db`l.disable_at`, ctx.db`l.disable_reason`, ctx.db`l.enable_at`),
    after: scheduleOf(ctx, disableAt, disableReason, enableAt),
    set: enabled ? ctx.db`enable_at = ${at}` : ctx.db`disable_at = ${at}, disable_reason = ${reason}`,
  };
}

/** Cancels what is scheduled. */
export function unscheduling(ctx: Context): BulkChange {
  return {
    type: "license.schedule_cancelled",
    where: ctx.db`l.deleted_at is null and least(l.disable_at, l.enable_at) is not null`,
    before: scheduleOf(ctx, ctx.db`l.disable_at`, ctx.db`l.disable_reason`, ctx.db`l.enable_at`),
    after: ctx.db`null::jsonb`,
    set: ctx.db`disable_at = null, disable_reason = null, enable_at = null`,
  };
}

function scheduleOf(ctx: Context, disableAt: Fragment, reason: Fragment, enableAt: Fragment): Fragment {
  return ctx.db`
    jsonb_strip_nulls(jsonb_build_object('disableAt', ${disableAt}, 'reason', ${reason}, 'enableAt', ${enableAt}))`;
}

/** Deletes. */
export function deletion(ctx: Context): BulkChange {
  return {
    type: "license.deleted",
    where: ctx.db`l.deleted_at is null`,
    before: ctx.db`null::jsonb`,
    after: ctx.db`null::jsonb`,
    set: ctx.db`deleted_at = ${ctx.now}`,
  };
}

/** Restores, where customer and product exist. */
export function restoration(ctx: Context): BulkChange {
  return {
    type: "license.restored",
    where: ctx.db`
      l.deleted_at > ${restorableSince(ctx)}
      and exists (select from customers c where c.id = l.customer_id and c.deleted_at is null)
      and exists (select from products p where p.id = l.product_id and p.deleted_at is null)`,
    before: ctx.db`null::jsonb`,
    after: ctx.db`null::jsonb`,
    set: ctx.db`deleted_at = null`,
  };
}

/**
 * Adds a period after the last day, or after today where that is later. Licenses that never expire, or that end on the
 * last day there is, are not affected.
 */
export function extension(ctx: Context, by: string): BulkChange {
  const today = ctx.db`${dayOf(ctx.now)}::date`;
  const firstDay = (of: Fragment) => ctx.db`greatest(${of}.valid_until, ${today}) + 1`;
  const anchorDay = (of: Fragment) =>
    ctx.db`case when ${of}.valid_until >= ${today} then ${of}.anchor_day end`;
  const [l, licenses] = [ctx.db`l`, ctx.db`licenses`];
  const lastDay = ctx.db`period_end(${firstDay(l)}, ${anchorDay(l)}, ${by})`;
  return {
    type: "license.updated",
    where: ctx.db`l.deleted_at is null and l.valid_until < ${LAST_DAY}`,
    before: ctx.db`jsonb_build_object('validUntil', l.valid_until)`,
    after: ctx.db`jsonb_build_object('validUntil', ${lastDay})`,
    undo: ctx.db`jsonb_build_object('anchorDay', l.anchor_day)`,
    set: ctx.db`
      valid_until = (locked.after ->> 'validUntil')::date,
      anchor_day = period_anchor(
        ${firstDay(licenses)}, ${anchorDay(licenses)}, ${by}, (locked.after ->> 'validUntil')::date
      )`,
  };
}

/**
 * Renews by each license's own `duration`, counted as its `renewalBasis` says, and moves the end of its updates by the
 * same period. Unless it follows on the period before, meters count a new period of the license from its first day on. Not
 * affected: licenses without a duration, those that never expire, and those that would not end later.
 */
export function renewal(ctx: Context): BulkChange {
  const today = ctx.db`${dayOf(ctx.now)}::date`;
  /** Where a period begins that follows the one until `end`. */
  const firstDay = (of: Fragment, end: Fragment) =>
    ctx.db`
      case
        when ${of}.renewal_basis = 'expiry' or ${of}.renewal_basis = 'now_if_expired' and ${end} >= ${today}
          then ${end} + 1
        else ${today}
      end`;
  const followsOn = (of: Fragment) =>
    ctx.db`${firstDay(of, ctx.db`${of}.valid_until`)} = ${of}.valid_until + 1`;
  const anchorDay = (of: Fragment) => ctx.db`case when ${followsOn(of)} then ${of}.anchor_day end`;
  const [l, licenses] = [ctx.db`l`, ctx.db`licenses`];
  const lastDay = ctx.db`period_end(${firstDay(l, ctx.db`l.valid_until`)}, ${anchorDay(l)}, l.duration)`;
  // Updates that end with the license go on doing so, whatever the month.
  const updatesUntil = ctx.db`
    case
      when l.updates is null or l.updates_until = ${LAST_DAY} then l.updates_until
      when l.updates_until = l.valid_until then ${lastDay}
      else greatest(
        l.updates_until, period_end(${firstDay(l, ctx.db`l.updates_until`)}, null, l.duration)
      )
    end`;
  return {
    type: "license.renewed",
    // In a case, because what is not affected may have no period that could be computed.
    where: ctx.db`
      case
        when l.deleted_at is null and l.duration is not null and l.valid_until < ${LAST_DAY}
          then ${lastDay} > l.valid_until
        else false
      end`,
    before: endsOf(ctx, ctx.db`l.valid_until`, ctx.db`l.updates_until`),
    after: endsOf(ctx, lastDay, updatesUntil),
    undo: ctx.db`
      jsonb_build_object('anchorDay', l.anchor_day)
        || case
          when ${followsOn(l)} then '{}'
          else jsonb_build_object('periodsWereFrom', l.periods_from, 'periodsAreFrom', ${today})
        end`,
    set: ctx.db`
      valid_until = (locked.after ->> 'validUntil')::date,
      periods_from = coalesce((locked.undo ->> 'periodsAreFrom')::date, periods_from),
      anchor_day = period_anchor(
        ${firstDay(licenses, ctx.db`licenses.valid_until`)}, ${anchorDay(licenses)}, licenses.duration,
        (locked.after ->> 'validUntil')::date
      ),
      updates_until = (locked.after ->> 'updatesUntil')::date`,
  };
}

function endsOf(ctx: Context, validUntil: Fragment, updatesUntil: Fragment): Fragment {
  return ctx.db`
    jsonb_strip_nulls(jsonb_build_object('validUntil', ${validUntil}, 'updatesUntil', ${updatesUntil}))`;
}

/**
 * Transfers to a customer, which exists.
 *
 * @param from only licenses of this customer; by default of any
 */
export function transfer(ctx: Context, customerId: number, from?: number): BulkChange {
  return {
    type: "license.updated",
    where: ctx.db`
      l.deleted_at is null and l.customer_id <> ${customerId}::bigint
      and l.customer_id = coalesce(${from ?? null}::bigint, l.customer_id)`,
    before: ctx.db`jsonb_build_object('customerId', l.customer_id)`,
    after: ctx.db`jsonb_build_object('customerId', ${customerId}::bigint)`,
    customer: ctx.db`${customerId}::bigint`,
    set: ctx.db`customer_id = ${customerId}::bigint`,
  };
}

/** Moves the licenses of a customer that is merged to the one that stays, deleted ones too. */
export function move(ctx: Context, { from, to }: { from: number; to: number }): BulkChange {
  return { ...transfer(ctx, to), where: ctx.db`l.customer_id = ${from}::bigint` };
}

/**
 * Makes a change to many licenses and records an event for each affected one, in one statement. The rows are locked
 * first, in the order of ids, so that concurrent changes neither deadlock nor use outdated values.
 */
export async function changeLicenses(
  ctx: Context,
  ids: number[],
  change: BulkChange,
): Promise<UndoableLicense[]> {
  // A transaction runs again after a deadlock, with the deletion of a customer for example.
  return await inTransaction(ctx, (ctx) =>
    ctx.db<UndoableLicense[]>`
    with locked as (
      select l.id, ${
      change.customer ?? ctx.db`l.customer_id`
    } as customer_id, ${change.before} as before, ${change.after} as after,
        ${change.undo ?? ctx.db`null::jsonb`} as undo
      ${affectedLicenses(ctx, ids, change)}
      order by l.id
      for no key update of l
    ),
    changed as (
      update licenses
      set ${change.set}, updated_at = ${ctx.now}
      from locked
      where licenses.id = locked.id
    ),
    recorded as (${
      eventsFrom(
        ctx,
        change.type,
        ctx.db`
        select
          id as subject_id, id as license_id, customer_id,
          null::bigint as activation_id, before, after
        from locked`,
      )
    })
    select id, before, after, undo
    from locked
    order by id`);
}

/** The `from` and `where` clauses that select the affected ones of these licenses. */
export function affectedLicenses(ctx: Context, ids: number[], change: BulkChange): Fragment {
  return ctx.db`
    from ${change.from ?? ctx.db`licenses l`}
    where l.id = any(${ids}::bigint[]) and ${change.where}`;
}
