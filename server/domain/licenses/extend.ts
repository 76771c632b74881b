// Moving the end of many licenses, and moving it back.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import type { extension, undoneExtension } from "./inputs.ts";
import { changeLicenses, extending } from "./bulk_changes.ts";

/** Where a license ended, and where it ends now: what it takes to undo it. */
export interface MovedEnd {
  id: number;
  was: string | null;
  is: string | null;
}

/**
 * Moves the end of licenses, from where it is or, where it is past, from today. A license without an end stays so.
 *
 * @returns how many were extended, and what `undoExtension` takes
 */
export async function extendLicenses(
  ctx: Context,
  input: z.infer<typeof extension>,
): Promise<{ extended: number; ends: MovedEnd[] }> {
  requireRole(ctx, "manager");
  const changed = await inTransaction(
    ctx,
    (ctx) => changeLicenses(ctx, input.licenseIds, extending(ctx, input.by)),
  );
  const ends = changed.map(({ id, before, after }) => ({
    id,
    was: before!.validUntil as string | null,
    is: after!.validUntil as string | null,
  }));
  return { extended: ends.length, ends };
}

/**
 * Puts the ends of licenses back. One that was changed again since then, deleted, or would now end before it begins,
 * stays as it is.
 */
export async function undoExtension(
  ctx: Context,
  input: z.infer<typeof undoneExtension>,
): Promise<{ restored: number; skipped: number }> {
  requireRole(ctx, "manager");
  const ends = [...new Map(input.ends.map((end) => [end.id, end])).values()];
  const ids = ends.map(({ id }) => id);
  const restored = await inTransaction(ctx, (ctx) =>
    changeLicenses(ctx, ids, {
      type: "license.updated",
      from: ctx.db`
        licenses l
        join unnest(${ids}::bigint[], ${ends.map(({ was }) => was)}::date[], ${
        ends.map(({ is }) => is)
      }::date[])
          as moved (id, was, ends) on moved.id = l.id`,
      where: ctx.db`
        l.deleted_at is null and l.valid_until is not distinct from moved.ends
          and (moved.was is null or moved.was >= l.valid_from)`,
      before: ctx.db`jsonb_build_object('validUntil', l.valid_until)`,
      after: ctx.db`jsonb_build_object('validUntil', moved.was)`,
      set: ctx.db`valid_until = (held.after ->> 'validUntil')::date`,
    }));
  return { restored: restored.length, skipped: ends.length - restored.length };
}
