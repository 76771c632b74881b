// Feature flags of a user.
import type { Context } from "../context.ts";
import { findEntitlement } from "./entitlement.ts";

/**
 * Which features a user's entitlement has.
 *
 * @param user null when signed out, without any feature
 * @param names the features to check; empty checks all that a plan or the license has
 */
export async function checkFeatures(
  ctx: Context,
  { user, names }: { user: { id: number; deviceId: string | null } | null; names: string[] },
): Promise<Map<string, boolean>> {
  const entitlement = user && await findEntitlement(ctx, user.id, user.deviceId);
  const enabled = new Set(entitlement?.features ?? []);
  const checked = names.length > 0 ? names : [...new Set([...await listFeatures(ctx), ...enabled])].sort();
  return new Map(checked.map((name) => [name, enabled.has(name)]));
}

async function listFeatures(ctx: Context): Promise<string[]> {
  const rows = await ctx.db<{ feature: string }[]>`
    select unnest(features) as feature
    from plans
    where deleted_at is null
    union
    select jsonb_object_keys(entitlements)
    from plans
    where deleted_at is null
    order by feature`;
  return rows.map(({ feature }) => feature);
}
