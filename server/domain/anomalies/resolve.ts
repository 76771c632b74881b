// Anomalies in administration: statistics, the list, one with its evidence, resolving one and reopening it.
import { ifSeesKeys, shownKey } from "../shown_key.ts";
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import type { Actor } from "../actor.ts";
import { recordEvent } from "../events/record.ts";
import type { anomalyList } from "./inputs.ts";
import { containsPattern } from "../list_conditions.ts";
import { listPage, type Page } from "../lists.ts";
import { inPeriod } from "../periods.ts";
import { refuse } from "../errors.ts";
import { type AnomalyKind, anomalyKinds, type AnomalyRow } from "./anomaly.ts";

export interface AnomalyStats {
  total: number;
  unresolved: number;
  byKind: Record<AnomalyKind, number>;
}

/** The number of anomalies, in total, by kind, and unresolved. */
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
export type ListedAnomaly = AnomalyRow & {
  licenseKey: string | null;
  customerName: string | null;
  machineName: string | null;
};

/**
 * Anomalies, the newest first.
 *
 * @param query.before only those older than the one of this id
 */
export async function listAnomalies(
  ctx: Context,
  query: z.infer<typeof anomalyList> & { before?: number },
): Promise<Page<ListedAnomaly>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedAnomaly>(ctx, query, {
    columns: ctx.db`n.*, ${
      shownKey(ctx, ctx.db`l.key`)
    } as license_key, c.name as customer_name, a.machine_name`,
    from: query.q ? tables(ctx) : ctx.db`anomalies n`,
    pageFrom: tables(ctx),
    where: [
      query.kind ? ctx.db`n.kind = ${query.kind}` : null,
      query.severity ? ctx.db`n.severity = ${query.severity}` : null,
      query.unresolved === true ? ctx.db`n.resolved_at is null` : null,
      query.unresolved === false ? ctx.db`n.resolved_at is not null` : null,
      query.licenseId ? ctx.db`n.license_id = ${query.licenseId}` : null,
      inPeriod(ctx, "n.found_at", { since: query.foundSince, until: query.foundUntil }),
      query.before ? ctx.db`n.id < ${query.before}` : null,
      query.q
        ? ctx.db`(
            c.name ilike ${containsPattern(query.q)} or ${
          ifSeesKeys(ctx, ctx.db`l.key ilike ${containsPattern(query.q)}`)
        } or a.machine_name ilike ${containsPattern(query.q)}
          )`
        : null,
    ],
    sorts: { id: { by: "n.id", type: "bigint" } },
    defaultSort: "-id",
    id: "n.id",
  });
}

/** An anomaly with what is needed to act on it. */
export type AnomalyDetails = ListedAnomaly & {
  licenseIsActive: boolean | null;
  /** The fingerprint of the machine, and whether its activation is active; null where it is about no machine. */
  hardwareId: string | null;
  machineIsActive: boolean | null;
};

/**
 * An anomaly by id.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getAnomaly(ctx: Context, id: number): Promise<AnomalyDetails> {
  requireRole(ctx, "viewer");
  const [anomaly] = await ctx.db<AnomalyDetails[]>`
    select n.*, ${
    shownKey(ctx, ctx.db`l.key`)
  } as license_key, c.name as customer_name, a.machine_name, l.is_active as license_is_active, a.hardware_id,
      a.is_active as machine_is_active
    from ${tables(ctx)}
    where n.id = ${id}`;
  return anomaly ?? refuse("NOT_FOUND", { subject: "anomaly", field: "id" });
}

function tables(ctx: Context): Fragment {
  return ctx.db`
    anomalies n
    left join licenses l on l.id = n.license_id
    left join customers c on c.id = n.customer_id
    left join activations a on a.id = n.activation_id`;
}

/**
 * Resolves an anomaly with a note. The same pattern is detected again only if it continues.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when it is resolved already, `INVALID_REQUEST` when the note is too long
 */
export function resolveAnomaly(
  ctx: Context,
  { id, note }: { id: number; note: string },
): Promise<AnomalyRow> {
  requireRole(ctx, "manager");
  if (note.length > 2000) refuse("INVALID_REQUEST", { field: "note", reason: "too_long", maximum: 2000 });
  return inTransaction(ctx, async (ctx) => {
    const before = await lockAnomaly(ctx, id);
    if (before.resolvedAt) {
      refuse("CONFLICT", { reason: "already_resolved", subject: "anomaly", field: "anomalyId" });
    }
    const [anomaly] = await ctx.db<AnomalyRow[]>`
      update anomalies
      set resolved_at = ${ctx.now}, resolved_by = ${nameOf(ctx.actor)}, note = ${note}
      where id = ${id}
      returning *`;
    await recordEvent(ctx, {
      type: "anomaly.resolved",
      subjectId: id,
      licenseId: anomaly.licenseId ?? undefined,
      customerId: anomaly.customerId ?? undefined,
      after: { kind: anomaly.kind, note },
    });
    return anomaly;
  });
}

/**
 * Reopens a resolved anomaly; its note is kept.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when it is open, or the same pattern was found again since
 */
export function reopenAnomaly(ctx: Context, { id }: { id: number }): Promise<AnomalyRow> {
  requireRole(ctx, "manager");
  return inTransaction(ctx, async (ctx) => {
    const before = await lockAnomaly(ctx, id);
    const [open] = await ctx.db`
      select
      from anomalies
      where kind = ${before.kind} and subject = ${before.subject} and resolved_at is null`;
    if (open) refuse("CONFLICT", { reason: "already_open", subject: "anomaly", field: "anomalyId" });
    const [anomaly] = await ctx.db<AnomalyRow[]>`
      update anomalies
      set resolved_at = null, resolved_by = null
      where id = ${id}
      returning *`;
    await recordEvent(ctx, {
      type: "anomaly.reopened",
      subjectId: id,
      licenseId: anomaly.licenseId ?? undefined,
      customerId: anomaly.customerId ?? undefined,
      after: { kind: anomaly.kind },
    });
    return anomaly;
  });
}

function nameOf(actor: Actor): string {
  return "name" in actor ? actor.name : actor.kind === "system" ? actor.job : actor.kind;
}

/** Deletes anomalies that were resolved before the retention setting; returns how many. */
export async function pruneAnomalies(ctx: Context): Promise<number> {
  const { keepAlertsFor } = ctx.settings;
  if (keepAlertsFor === 0) return 0;
  const pruned = await ctx.db`
    delete from anomalies
    where resolved_at < ${ctx.now}::timestamptz - make_interval(days => ${keepAlertsFor})`;
  return pruned.count;
}

/** Two administrators who resolve or reopen the same anomaly wait for each other. */
async function lockAnomaly(ctx: Context, id: number): Promise<AnomalyRow> {
  const [anomaly] = await ctx.db<AnomalyRow[]>`
    select *
    from anomalies
    where id = ${id}
    for update`;
  if (!anomaly) refuse("NOT_FOUND", { subject: "anomaly", field: "anomalyId" });
  return anomaly;
}
