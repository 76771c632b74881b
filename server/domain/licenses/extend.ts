// Extending licenses, and undoing that.
import type { z } from "zod";
import { type CalendarDay, isAnchor } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import type { extensionInput, extensionUndo } from "./inputs.ts";
import { changeLicenses, extension } from "./bulk_changes.ts";

/** A license's last day before and after an extension, null when it never expires. */
export interface ExpiryChange {
  id: number;
  was: CalendarDay | null;
  is: CalendarDay | null;
  /** Its anchor before the extension, when it had one; see `PeriodEnd`. */
  anchorDay?: number;
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
  const ends = changed.map(({ id, before, after, undo }) => ({
    id,
    was: before!.validUntil as CalendarDay | null,
    is: after!.validUntil as CalendarDay | null,
    ...undo?.anchorDay == null ? {} : { anchorDay: undo.anchorDay as number },
  }));
  return { extended: ends.length, ends };
}

/**
 * Undoes an extension. Skips licenses that were changed again or deleted since, or whose last day would be before the
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
  const restored = await inTransaction(ctx, (ctx) =>
    changeLicenses(ctx, ids, {
      type: "license.updated",
      from: ctx.db`
        licenses l
        join unnest(${ids}::bigint[], ${before}::date[], ${after}::date[], ${anchors}::integer[])
          as change (id, was, is_now, anchor_day) on change.id = l.id`,
      where: ctx.db`
        l.deleted_at is null and l.valid_until is not distinct from change.is_now
          and (change.was is null or change.was >= l.valid_from)`,
      before: ctx.db`jsonb_build_object('validUntil', l.valid_until)`,
      after: ctx.db`jsonb_build_object('validUntil', change.was)`,
      undo: ctx.db`jsonb_build_object('anchorDay', change.anchor_day)`,
      set: ctx.db`
        valid_until = (locked.after ->> 'validUntil')::date, anchor_day = (locked.undo ->> 'anchorDay')::integer`,
    }));
  return { restored: restored.length, skipped: ends.length - restored.length };
}
