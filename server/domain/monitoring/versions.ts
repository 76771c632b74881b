// The versions of the apps in use, by active activations. Large tables are sampled, so that the cost does not grow with the
// number of machines.
import type { z } from "zod";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import type { versionsQuery } from "./inputs.ts";

export interface VersionsInUse {
  /** The most used first; null: machines that never reported a version. */
  versions: { version: string | null; machines: number }[];
  /** Machines on versions that are not listed. */
  others: number;
  /** Whether the numbers are estimated from a sample. */
  isEstimate: boolean;
}

/** Versions that are listed. */
const LISTED = 50;
/** Up to so many machines are counted exactly. */
const COUNT_LIMIT = 50_000;

/** The versions in use, of one product or of all. */
export async function getVersionsInUse(
  ctx: Context,
  query: z.infer<typeof versionsQuery>,
): Promise<VersionsInUse> {
  requireRole(ctx, "viewer");
  // PostgreSQL's own estimate, which reads no rows.
  const [{ estimate }] = await ctx.db<{ estimate: number }[]>`
    select reltuples::bigint as estimate
    from pg_class
    where oid = 'activations'::regclass`;
  const part = Math.min(1, COUNT_LIMIT / Math.max(estimate, 1));
  const sample = part < 1 ? ctx.db`tablesample system (${100 * part})` : ctx.db``;
  const rows = await ctx.db<{ version: string | null; machines: number }[]>`
    select a.app_version as version, count(*) as machines
    from activations a ${sample}
    where a.is_active and (
      -- A subquery for each row: a join would read every license.
      select l.deleted_at is null ${
    query.productId ? ctx.db`and l.product_id = ${query.productId}` : ctx.db``
  }
      from licenses l
      where l.id = a.license_id
    )
    group by a.app_version
    order by machines desc, version desc nulls last`;
  const versions = rows.map(({ version, machines }) => ({ version, machines: Math.round(machines / part) }));
  return {
    versions: versions.slice(0, LISTED),
    others: versions.slice(LISTED).reduce((sum, { machines }) => sum + machines, 0),
    isEstimate: part < 1,
  };
}
