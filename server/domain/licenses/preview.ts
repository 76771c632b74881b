// What a change to many licenses would do, before anybody does it.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import type { EventType } from "../events/record.ts";
import type { licensePreview } from "./inputs.ts";
import {
  type BulkChange,
  type Changed,
  chosen,
  deleting,
  extending,
  restoring,
  switching,
} from "./bulk_changes.ts";

export interface Preview {
  /** Licenses that were named, each counted once. */
  total: number;
  /** Those that would really change, those that are as wished already, and those that are not there. */
  changes: number;
  unchanged: number;
  missing: number;
  /** The newest of those that would change. */
  first: (Changed & { key: string; customerName: string })[];
  /** Machines that hold a place on those that would change. */
  machines: number;
  /** What is recorded of each, and told to those who listen. */
  eventType: EventType;
}

/** Licenses that are shown one by one. */
const SHOWN = 10;

/** Says what a change would do to licenses, and changes nothing. */
export async function previewChange(
  ctx: Context,
  input: z.infer<typeof licensePreview>,
): Promise<Preview> {
  requireRole(ctx, "viewer");
  const ids = [...new Set(input.licenseIds)];
  const change = changeOf(ctx, input);
  // What was deleted is there for who restores it, as long as it can be.
  const there = input.action === "restore"
    ? ctx.db`(l.deleted_at is null or ${change.where})`
    : ctx.db`l.deleted_at is null`;
  return await inTransaction(ctx, async (ctx) => {
    const [counts] = await ctx.db<{ there: number; changes: number; machines: number }[]>`
      select
        (select count(*) from licenses l where l.id = any(${ids}::bigint[]) and ${there}) as there,
        count(*) as changes, coalesce(sum(l.activations_in_use), 0)::bigint as machines
      ${chosen(ctx, ids, change)}`;
    const first = await ctx.db<Preview["first"]>`
      select l.id, l.key, ${change.before} as before, ${change.after} as after,
        (select name from customers where id = l.customer_id) as customer_name
      ${chosen(ctx, ids, change)}
      order by l.id desc
      limit ${SHOWN}`;
    return {
      total: ids.length,
      changes: counts.changes,
      unchanged: counts.there - counts.changes,
      missing: ids.length - counts.there,
      first,
      machines: counts.machines,
      eventType: change.type,
    };
  });
}

function changeOf(ctx: Context, input: z.infer<typeof licensePreview>): BulkChange {
  switch (input.action) {
    case "switch_on":
      return switching(ctx, true);
    case "switch_off":
      return switching(ctx, false);
    case "delete":
      return deleting(ctx);
    case "restore":
      return restoring(ctx);
    case "extend":
      return extending(ctx, input.by!);
  }
}
