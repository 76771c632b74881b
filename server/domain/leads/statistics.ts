// The numbers of all leads by type and stage.
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import type { Stage } from "./inputs.ts";

export interface LeadStats {
  totalInstitutions: number;
  totalContacts: number;
  /** Activities of the last 30 days. */
  recentActivities: number;
  /** Percentage of leads that were won, with one decimal. */
  conversionRate: number;
  byType: Record<string, number>;
  byStage: Record<string, number>;
}

/** Counts leads, contacts and recent activities. */
export async function getLeadStats(ctx: Context): Promise<LeadStats> {
  requireRole(ctx, "viewer");
  const [rows, [others]] = await Promise.all([
    ctx.db<{ type: string; stage: Stage; count: number }[]>`
      select type, stage, count(*) as count
      from institutions
      where deleted_at is null
      group by type, stage
      order by type`,
    // Contacts of the few deleted leads are subtracted: a join would read every lead as well.
    ctx.db<Pick<LeadStats, "totalContacts" | "recentActivities">[]>`
      select
        (
          select count(*)
          from contacts
          where deleted_at is null
        ) - (
          select count(*)
          from institutions i
          join contacts k on k.institution_id = i.id
          where i.deleted_at is not null and k.deleted_at is null
        ) as total_contacts,
        (
          select count(*)
          from lead_activities
          where happened_at > ${ctx.now}::timestamptz - interval '30 days' and happened_at <= ${ctx.now}
        ) as recent_activities`,
  ]);
  const sumBy = (name: "type" | "stage") => {
    const sums: Record<string, number> = {};
    for (const row of rows) sums[row[name]] = (sums[row[name]] ?? 0) + row.count;
    return sums;
  };
  const byStage = sumBy("stage");
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return {
    totalInstitutions: total,
    ...others,
    conversionRate: total === 0 ? 0 : Math.round((byStage.won ?? 0) / total * 1000) / 10,
    byType: sumBy("type"),
    byStage,
  };
}
