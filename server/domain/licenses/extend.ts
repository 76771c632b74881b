// Extending licenses, and undoing that. A renewal is undone in the same way.
import type { z } from "zod";
import { type CalendarDay, isAnchor } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import type { extensionInput, extensionUndo } from "./inputs.ts";
import { changeLicenses, extension, type UndoableLicense } from "./bulk_changes.ts";

/** A license's last day before and after an extension or renewal, null when it never expires. */
export interface ExpiryChange {
  id: number;
  was: CalendarDay | null;
  is: CalendarDay | null;
  /** Its anchor before the change, when it had one; see `PeriodEnd`. */
  anchorDay?: number;
  /** The last day of its updates before and after, when it has one and the change moved it. */
  updatesWere?: CalendarDay;
  updatesAre?: CalendarDay;
  /** From which day meters counted its periods before (null: its first) and after, when the change moved it. */
  periodsWereFrom?: CalendarDay | null;
  periodsAreFrom?: CalendarDay;
}

/**
 * Extends licenses, counted from today where they are expired. Licenses that never expire are not changed.
 *
 * @returns the number of extended licenses, and the input of `undoExtension`
 */
export async function extendLicenses(
  ctx: Context,
  input: z.infer<typeof extensionInput>,
): Promise<{ extended: number; ends: ExpiryChange[] }> {
  requireRole(ctx, "manager");
  const changed = await inTransaction(
    ctx,
    (ctx) => changeLicenses(ctx, input.licenseIds, extension(ctx, input.by)),
  );
  return { extended: changed.length, ends: changed.map(endOf) };
}

/** What undoes the change of a license's last day. */
export function endOf({ id, before, after, undo }: UndoableLicense): ExpiryChange {
  const updatesWere = before!.updatesUntil as CalendarDay | undefined;
  const updatesAre = after!.updatesUntil as CalendarDay | undefined;
  return {
    id,
    was: before!.validUntil as CalendarDay | null,
    is: after!.validUntil as CalendarDay | null,
    ...undo?.anchorDay == null ? {} : { anchorDay: undo.anchorDay as number },
    ...updatesWere === updatesAre ? {} : { updatesWere, updatesAre },
    ...undo?.periodsAreFrom == null ? {} : {
      periodsWereFrom: undo.periodsWereFrom as CalendarDay | null,
      periodsAreFrom: undo.periodsAreFrom as CalendarDay,
    },
  };
}

/**
 * Undoes an extension or renewal. Skips licenses that were changed again or deleted since, or whose last day would be before the
 * first.
 */
export async function undoExtension(
  ctx: Context,
  input: z.infer<typeof extensionUndo>,
): Promise<{ restored: number; skipped: number }> {
  requireRole(ctx, "manager");
  const ends = [...new Map(input.ends.map((end) => [end.id, end])).values()];
  const ids = ends.map(({ id }) => id);
  const before = ends.map(({ was }) => was);
  const after = ends.map(({ is }) => is);
  const anchors = ends.map(({ was, anchorDay = null }) => was && isAnchor(was, anchorDay) ? anchorDay : null);
  const updatesBefore = ends.map(({ updatesWere = null }) => updatesWere);
  const updatesAfter = ends.map(({ updatesAre = null }) => updatesAre);
  const periodsBefore = ends.map(({ periodsWereFrom = null }) => periodsWereFrom);
  const periodsAfter = ends.map(({ periodsAreFrom = null }) => periodsAreFrom);
  const restored = await inTransaction(ctx, (ctx) =>
    changeLicenses(ctx, ids, {
      type: "license.updated",
      from: ctx.db`
        licenses l
        join unnest(
          ${ids}::bigint[], ${before}::date[], ${after}::date[], ${anchors}::integer[],
          ${updatesBefore}::date[], ${updatesAfter}::date[], ${periodsBefore}::date[], ${periodsAfter}::date[]
        ) as change (
          id, was, is_now, anchor_day, updates_were, updates_are, periods_were_from, periods_are_from
        ) on change.id = l.id`,
      where: ctx.db`
        l.deleted_at is null and l.valid_until is not distinct from change.is_now
          and (change.was is null or change.was >= l.valid_from)
          and (change.updates_were is null or l.updates_until is not distinct from change.updates_are)
          and (change.periods_are_from is null or l.periods_from is not distinct from change.periods_are_from)`,
      before: ctx.db`
        jsonb_build_object('validUntil', l.valid_until)
          || case when change.updates_were is null then '{}' else jsonb_build_object('updatesUntil', l.updates_until) end`,
      after: ctx.db`
        jsonb_build_object('validUntil', change.was)
          || jsonb_strip_nulls(jsonb_build_object('updatesUntil', change.updates_were))`,
      undo: ctx.db`
        jsonb_build_object(
          'anchorDay', change.anchor_day,
          'periodsFrom', case when change.periods_are_from is null then l.periods_from else change.periods_were_from end
        )`,
      set: ctx.db`
        valid_until = (locked.after ->> 'validUntil')::date, anchor_day = (locked.undo ->> 'anchorDay')::integer,
        periods_from = (locked.undo ->> 'periodsFrom')::date,
        updates_until = coalesce((locked.after ->> 'updatesUntil')::date, updates_until)`,
    }));
  return { restored: restored.length, skipped: ends.length - restored.length };
}
