// The numbers of allocated and available resources.
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";

export interface ResourceCount {
  total: number;
  allocated: number;
  available: number;
}

/** Counts the resources in total and by type. */
export async function countResources(
  ctx: Context,
): Promise<ResourceCount & { byType: Record<string, ResourceCount> }> {
  requireRole(ctx, "viewer");
  const rows = await ctx.db<(ResourceCount & { type: string })[]>`
    select type, count(*) as total, count(license_id) as allocated, count(*) - count(license_id) as available
    from resources
    where deleted_at is null
    group by type
    order by type`;
  const sum = (name: keyof ResourceCount) => rows.reduce((total, row) => total + row[name], 0);
  return {
    total: sum("total"),
    allocated: sum("allocated"),
    available: sum("available"),
    byType: Object.fromEntries(rows.map(({ type, ...counts }) => [type, counts])),
  };
}
