// The preview of a change to many licenses.
import { shownKey } from "../shown_key.ts";
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import type { EventType } from "../events/record.ts";
import type { licensePreview } from "./inputs.ts";
import {
  affectedLicenses,
  type BulkChange,
  type ChangedLicense,
  deletion,
  enablement,
  extension,
  renewal,
  restoration,
  scheduling,
  transfer,
} from "./bulk_changes.ts";
import { requireFuture } from "./scheduled_changes.ts";

export interface Preview {
  /** Licenses given, each counted once. */
  total: number;
  /** Licenses that would change, that would not, and that do not exist. */
  changes: number;
  unchanged: number;
  missing: number;
  /** The newest of those that would change. */
  first: (ChangedLicense & { key: string; customerName: string })[];
  /** Active activations of those that would change. */
  machines: number;
  /** The event that would be recorded for each. */
  eventType: EventType;
}

/** Licenses in `first`. */
const MAX_FIRST = 10;

/** What a change would do to licenses. Changes nothing. */
export async function previewChange(
  ctx: Context,
  input: z.infer<typeof licensePreview>,
): Promise<Preview> {
  requireRole(ctx, "viewer");
  const ids = [...new Set(input.licenseIds)];
  const change = changeOf(ctx, input);
  // Restorable licenses exist for a restoration only.
  const exists = input.action === "restore"
    ? ctx.db`(l.deleted_at is null or ${change.where})`
    : ctx.db`l.deleted_at is null`;
  return await inTransaction(ctx, async (ctx) => {
    const [counts] = await ctx.db<{ existing: number; changes: number; machines: number }[]>`
      select
        (select count(*) from licenses l where l.id = any(${ids}::bigint[]) and ${exists}) as existing,
        count(*) as changes, coalesce(sum(l.activations_in_use), 0)::bigint as machines
      ${affectedLicenses(ctx, ids, change)}`;
    const first = await ctx.db<Preview["first"]>`
      select l.id, ${
      shownKey(ctx, ctx.db`l.key`)
    } as key, ${change.before} as before, ${change.after} as after,
        (select name from customers where id = l.customer_id) as customer_name
      ${affectedLicenses(ctx, ids, change)}
      order by l.id desc
      limit ${MAX_FIRST}`;
    return {
      total: ids.length,
      changes: counts.changes,
      unchanged: counts.existing - counts.changes,
      missing: ids.length - counts.existing,
      first,
      machines: counts.machines,
      eventType: change.type,
    };
  });
}

function changeOf(ctx: Context, input: z.infer<typeof licensePreview>): BulkChange {
  switch (input.action) {
    case "enable":
    case "disable": {
      const { at, reason } = input;
      const enabled = input.action === "enable";
      if (at === undefined) return enablement(ctx, enabled, reason);
      requireFuture(ctx, at);
      return scheduling(ctx, { enabled, at, reason });
    }
    case "delete":
      return deletion(ctx);
    case "restore":
      return restoration(ctx);
    case "extend":
      return extension(ctx, input.by!);
    case "renew":
      return renewal(ctx);
    case "transfer":
      return transfer(ctx, input.customerId!, input.fromCustomerId);
  }
}
