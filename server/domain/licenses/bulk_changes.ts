// One change to many licenses: which of them it changes, what it sets, and which event tells of it. The verbs make a
// change and the preview foretells it from the same words, so that nothing happens that was not said.
import type { Fragment } from "../../../db/connect.ts";
import { restorableSince } from "../soft_delete.ts";
import type { Context } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { eventsFrom, type EventType } from "../events/record.ts";

/** A change, in terms of `licenses l`. */
export interface BulkChange {
  type: EventType;
  /** Which licenses it changes. */
  where: Fragment;
  /** Where the licenses come from, when there is more to know of each than its id. */
  from?: Fragment;
  /** How each stands before and after, as the event tells it: jsonb. */
  before: Fragment;
  after: Fragment;
  /** What is set; `held.after` has what was worked out for the license. */
  set: Fragment;
}

/** What a change did to a license. */
export interface Changed {
  id: number;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** On or off. */
export function switching(ctx: Context, on: boolean): BulkChange {
  return {
    type: on ? "license.enabled" : "license.disabled",
    where: ctx.db`l.deleted_at is null and l.is_active <> ${on}`,
    before: ctx.db`jsonb_build_object('isActive', l.is_active)`,
    after: ctx.db`jsonb_build_object('isActive', ${on}::boolean)`,
    set: ctx.db`is_active = ${on}`,
  };
}

/** Gone for apps and lists. */
export function deleting(ctx: Context): BulkChange {
  return {
    type: "license.deleted",
    where: ctx.db`l.deleted_at is null`,
    before: ctx.db`null::jsonb`,
    after: ctx.db`null::jsonb`,
    set: ctx.db`deleted_at = ${ctx.now}`,
  };
}

/** Back as they were, where customer and product are there. */
export function restoring(ctx: Context): BulkChange {
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

/** A later end, from where it is or, where it is past, from today. A license without an end stays so. */
export function extending(ctx: Context, by: string): BulkChange {
  const end = ctx.db`(greatest(l.valid_until, ${dayOf(ctx.now)}::date) + ${by}::interval)::date`;
  return {
    type: "license.updated",
    where: ctx.db`l.deleted_at is null and l.valid_until is not null`,
    before: ctx.db`jsonb_build_object('validUntil', l.valid_until)`,
    after: ctx.db`jsonb_build_object('validUntil', ${end})`,
    set: ctx.db`valid_until = (held.after ->> 'validUntil')::date`,
  };
}

/**
 * Makes one change to many licenses and records an event for each that changed, in one statement. The rows are held
 * first, in order, so that two who change the same ones wait for each other and neither works with what was.
 */
export async function changeLicenses(ctx: Context, ids: number[], change: BulkChange): Promise<Changed[]> {
  return await ctx.db<Changed[]>`
    with held as (
      select l.id, l.customer_id, ${change.before} as before, ${change.after} as after
      ${chosen(ctx, ids, change)}
      order by l.id
      for no key update of l
    ),
    changed as (
      update licenses
      set ${change.set}, updated_at = ${ctx.now}
      from held
      where licenses.id = held.id
    ),
    recorded as (${
    eventsFrom(
      ctx,
      change.type,
      ctx.db`
        select
          id as subject_id, id as license_id, customer_id,
          null::bigint as activation_id, before, after
        from held`,
    )
  })
    select id, before, after
    from held
    order by id`;
}

/** The licenses among these that a change would change: "from … where …". */
export function chosen(ctx: Context, ids: number[], change: BulkChange): Fragment {
  return ctx.db`
    from ${change.from ?? ctx.db`licenses l`}
    where l.id = any(${ids}::bigint[]) and ${change.where}`;
}
