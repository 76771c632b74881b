// Looking at anomalies, and being done with them.
import { type Actor, type Context, inTransaction, requireRole } from "../context.ts";
import { recordEvent } from "../events.ts";
import { refuse } from "../refusals.ts";
import { type AnomalyKind, anomalyKinds, type AnomalyRow } from "./anomaly.ts";

export interface AnomalyStats {
  total: number;
  unresolved: number;
  byKind: Record<AnomalyKind, number>;
}

/** Anomalies on a page. */
const PAGE = 50;

/** How many anomalies there ever were, of which kind, and how many wait for somebody. */
export async function getAnomalyStats(ctx: Context): Promise<AnomalyStats> {
  requireRole(ctx, "viewer");
  const rows = await ctx.db<{ kind: AnomalyKind; count: number; unresolved: number }[]>`
    select kind, count(*) as count, count(*) filter (where resolved_at is null) as unresolved
    from anomalies
    group by kind`;
  const byKind = Object.fromEntries(anomalyKinds.map((kind) => [kind, 0])) as AnomalyStats["byKind"];
  for (const { kind, count } of rows) byKind[kind] = count;
  return {
    total: rows.reduce((sum, { count }) => sum + count, 0),
    unresolved: rows.reduce((sum, { unresolved }) => sum + unresolved, 0),
    byKind,
  };
}

/** An anomaly with the names of what it is about. */
export type AnomalyView = AnomalyRow & { licenseKey: string | null; customerName: string | null };

/**
 * Anomalies, the newest first.
 *
 * @param options.before the id a page goes on from; `next` of the page before
 */
export async function listAnomalies(
  ctx: Context,
  options: { kind?: AnomalyKind; unresolved?: boolean; licenseId?: number; before?: number } = {},
): Promise<{ anomalies: AnomalyView[]; next: number | null }> {
  requireRole(ctx, "viewer");
  const { kind = null, unresolved = false, licenseId = null, before = null } = options;
  const found = await ctx.db<AnomalyView[]>`
    select a.*, l.key as license_key, c.name as customer_name
    from anomalies a
    left join licenses l on l.id = a.license_id
    left join customers c on c.id = a.customer_id
    where (${kind}::text is null or a.kind = ${kind}::text)
      and (not ${unresolved}::boolean or a.resolved_at is null)
      and (${licenseId}::bigint is null or a.license_id = ${licenseId}::bigint)
      and (${before}::bigint is null or a.id < ${before}::bigint)
    order by a.id desc
    limit ${PAGE + 1}`;
  const anomalies = found.slice(0, PAGE);
  return { anomalies, next: found.length > PAGE ? anomalies.at(-1)!.id : null };
}

/**
 * Resolves an anomaly with a note. The same pattern is found again only if it goes on.
 *
 * @throws Refusal `NOT_FOUND`, `CONFLICT` when it is resolved already, `INVALID_REQUEST` when the note is too long
 */
export function resolveAnomaly(ctx: Context, id: number, note: string): Promise<AnomalyRow> {
  requireRole(ctx, "manager");
  if (note.length > 2000) refuse("INVALID_REQUEST", { field: "note", reason: "too_long" });
  return inTransaction(ctx, async (ctx) => {
    const [before] = await ctx.db<AnomalyRow[]>`
      select *
      from anomalies
      where id = ${id}
      for update`;
    if (!before) {
      refuse("NOT_FOUND", { field: "anomaly_id" }, { message: "There is no anomaly of that id." });
    }
    if (before.resolvedAt) {
      refuse("CONFLICT", { field: "anomaly_id" }, { message: "This anomaly is resolved already." });
    }
    const [anomaly] = await ctx.db<AnomalyRow[]>`
      update anomalies
      set resolved_at = ${ctx.now}, resolved_by = ${nameOf(ctx.actor)}, note = ${note}
      where id = ${id}
      returning *`;
    await recordEvent(ctx, {
      type: "anomaly.resolved",
      subject: ["anomaly", id],
      licenseId: anomaly.licenseId ?? undefined,
      customerId: anomaly.customerId ?? undefined,
      after: { kind: anomaly.kind, note },
    });
    return anomaly;
  });
}

function nameOf(actor: Actor): string {
  return "name" in actor ? actor.name : actor.kind === "system" ? actor.job : actor.kind;
}
