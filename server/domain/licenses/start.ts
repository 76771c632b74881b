// Licenses whose first period begins with the first activation, validation or sign-in: until then they have no last day.
// Each is started once, by the statement that locks its row.
import type { Db, Fragment } from "../../../db/connect.ts";
import { LAST_DAY } from "../calendar.ts";
import type { Context } from "../context.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { eventsFrom } from "../events/record.ts";

/** With what the first period of a license begins. */
export type StartsWith = "first_activation" | "first_validation" | "first_sign_in";

/**
 * The assignments of an update of `licenses` that start a license.
 *
 * @param starts whether it is started; other rows stay as they are
 * @param at the instant; the first period begins on its day in UTC
 */
export function startAssignments(db: Db, starts: Fragment, at: Fragment): Fragment {
  const day = db`(${at} at time zone 'UTC')::date`;
  const lastDay = db`first_period_end(${day}, licenses.duration)`;
  const started = (value: Fragment, other: Fragment) =>
    db`case when ${starts} then ${value} else licenses.${other} end`;
  return db`
    valid_until = ${started(lastDay, db`valid_until`)},
    anchor_day = ${
    started(
      db`period_anchor(${day}, null, licenses.duration, nullif(${lastDay}, ${LAST_DAY}))`,
      db`anchor_day`,
    )
  },
    periods_from = ${started(day, db`periods_from`)},
    updates_until = ${started(db`first_period_end(${day}, licenses.updates)`, db`updates_until`)},
    starts_with = ${started(db`null`, db`starts_with`)},
    updated_at = ${started(at, db`updated_at`)}`;
}

/** What such an update returns: `started_with`, null for licenses that it did not start, and the facts of their event. */
export function startColumns(db: Db): Fragment {
  return db`
    licenses.id as license_id, licenses.customer_id,
    case when licenses.starts_with is null then old.starts_with end as started_with,
    jsonb_strip_nulls(jsonb_build_object(
      'startedWith', old.starts_with, 'validUntil', licenses.valid_until, 'updatesUntil', licenses.updates_until
    )) as start_facts`;
}

/**
 * The statement that records the events of licenses that were started.
 *
 * @param started what the update with `startColumns` returned
 */
export function startEvents(ctx: Context, started: Fragment): Fragment {
  return eventsFrom(
    ctx,
    "license.started",
    ctx.db`
      select
        license_id as subject_id, license_id, customer_id, null::bigint as activation_id, null::jsonb as before,
        start_facts as after
      from ${started}
      where started_with is not null`,
  );
}

/**
 * Starts a license if it is waiting for one of these.
 *
 * @returns whether it was started now
 */
export async function startLicense(ctx: Context, id: number, when: StartsWith[]): Promise<boolean> {
  const starts = ctx.db`licenses.starts_with = any(${when})`;
  const [{ count }] = await ctx.db<{ count: number }[]>`
    with started as (
      update licenses
      set ${startAssignments(ctx.db, ctx.db`true`, ctx.db`${ctx.now}::timestamptz`)}
      where id = ${id} and deleted_at is null and ${starts}
      returning ${startColumns(ctx.db)}
    ),
    recorded as (${startEvents(ctx, ctx.db`started`)})
    select count(*) as count
    from started`;
  if (count > 0) ctx.changedTags?.add(tagOf("license", id));
  return count > 0;
}
