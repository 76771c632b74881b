// Soft deletion: a deleted row keeps its data and can be restored for 30 days.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";
import { MILLISECONDS_PER_DAY } from "./calendar.ts";
import { RESTORABLE_FOR } from "./list_inputs.ts";

export interface Restorable {
  /** The end of the period in which the row can be restored; null when it is not deleted. */
  restorableUntil: Date | null;
}

/** Adds `restorableUntil` to a row. */
export function withRestorableUntil<Row extends { deletedAt: Date | null }>(row: Row): Row & Restorable {
  const { deletedAt } = row;
  const end = deletedAt && new Date(deletedAt.getTime() + RESTORABLE_FOR * MILLISECONDS_PER_DAY);
  return { ...row, restorableUntil: end };
}

/** The column `restorable_until` of a list. */
export function restorableUntilColumn(ctx: Context, deletedAt: Fragment): Fragment {
  return ctx.db`${deletedAt} + make_interval(hours => ${RESTORABLE_FOR * 24}) as restorable_until`;
}

/** Rows that were deleted before this time cannot be restored. */
export function restorableSince(ctx: Context): Date {
  return new Date(ctx.now.getTime() - RESTORABLE_FOR * MILLISECONDS_PER_DAY);
}

/** The condition that selects deleted rows only, or excludes them. */
export function deletedCondition(ctx: Context, deletedAt: Fragment, deleted = false): Fragment {
  return deleted ? ctx.db`${deletedAt} is not null` : ctx.db`${deletedAt} is null`;
}
