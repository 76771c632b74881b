// Which versions of the apps are in use, by the machines that hold a place. A large house is judged by a sample, so that
// a dashboard costs the same however many machines there are.
import type { z } from "zod";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import type { versionsQuery } from "./inputs.ts";

export interface VersionsInUse {
  /** The most used first; null is what machines run that never said. */
  versions: { version: string | null; machines: number }[];
  /** Machines on versions that are not listed. */
  others: number;
  /** Whether the numbers were reckoned from a sample. */
  isEstimate: boolean;
}

/** Versions that are listed. */
const LISTED = 50;
/** Up to so many machines are counted one by one. */
const COUNTED = 50_000;

/** The versions in use, of one product or of all. */
export async function listVersionsInUse(
  ctx: Context,
  query: z.infer<typeof versionsQuery>,
): Promise<VersionsInUse> {
  requireRole(ctx, "viewer");
  // PostgreSQL's own estimate, which costs nothing.
  const [{ estimate }] = await ctx.db<{ estimate: number }[]>`
    select reltuples::bigint as estimate
    from pg_class
    where oid = 'activations'::regclass`;
  const part = Math.min(1, COUNTED / Math.max(estimate, 1));
  const sample = part < 1 ? ctx.db`tablesample system (${100 * part})` : ctx.db``;
  const rows = await ctx.db<{ version: string | null; machines: number }[]>`
    select a.app_version as version, count(*) as machines
    from activations a ${sample}
    where a.is_active and (
      -- Looked up one by one: a join would read every license for the sample's sake.
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
