// A lead: an institution before it becomes a customer, whom we know there, and what was said.
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import { deletedOrNot, refuseMissing, type Restorable, restorableUntil } from "../changes.ts";
import { type Context, requireRole } from "../context.ts";
import type { leadList, stages } from "./inputs.ts";
import { containsPattern, listPage, type Page } from "../lists.ts";

export type Stage = typeof stages[number];

/** A row of `institutions`. */
export interface InstitutionRow {
  id: number;
  name: string;
  type: string;
  stage: Stage;
  website: string | null;
  city: string | null;
  country: string | null;
  notes: string;
  customerId: number | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

/** A row of `contacts`. */
export interface ContactRow {
  id: number;
  institutionId: number;
  name: string;
  email: string | null;
  phone: string | null;
  position: string | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

/** A row of `lead_activities`. */
export interface LeadActivityRow {
  id: number;
  institutionId: number;
  contactId: number | null;
  kind: string;
  text: string;
  author: string;
  happenedAt: Date;
  createdAt: Date;
}

/** A lead in a list, with the first person there and when something was last noted. */
export type ListedLead = InstitutionRow & Restorable & {
  contactName: string | null;
  contactEmail: string | null;
  contactPhone: string | null;
  contactPosition: string | null;
  lastActivityAt: Date | null;
};

export type Lead = InstitutionRow & Restorable & { contacts: ContactRow[]; activities: LeadActivityRow[] };

export interface LeadStats {
  totalInstitutions: number;
  totalContacts: number;
  /** Activities of the last 30 days. */
  recentActivities: number;
  /** Won institutions per hundred. */
  conversionRate: number;
  byType: Record<string, number>;
  byStage: Record<string, number>;
}

/** Leads, the newest first unless told otherwise. */
export async function listLeads(ctx: Context, query: z.infer<typeof leadList>): Promise<Page<ListedLead>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedLead>(ctx, query, {
    columns: ctx.db`
      i.*, ${restorableUntil(ctx, ctx.db`i.deleted_at`)},
      k.name as contact_name, k.email as contact_email, k.phone as contact_phone,
      k.position as contact_position,
      (select max(happened_at) from lead_activities where institution_id = i.id) as last_activity_at`,
    from: ctx.db`
      institutions i
      left join lateral (
        select *
        from contacts
        where institution_id = i.id and deleted_at is null
        order by id
        limit 1
      ) k on true`,
    where: [
      deletedOrNot(ctx, ctx.db`i.deleted_at`, query.deleted),
      query.type ? ctx.db`i.type = ${query.type}` : null,
      query.stage ? ctx.db`i.stage = ${query.stage}` : null,
      query.q ? isCalled(ctx, containsPattern(query.q)) : null,
    ],
    sorts: { id: { by: "i.id", type: "bigint" }, name: { by: "lower(i.name)", type: "text" } },
    defaultSort: "-id",
    id: "i.id",
  });
}

/** By its own name, or by that or the address of somebody there; each looked up in its own index. */
function isCalled(ctx: Context, pattern: string): Fragment {
  return ctx.db`
    i.id in (
      select id
      from institutions
      where name ilike ${pattern}
      union all
      select institution_id
      from contacts
      where deleted_at is null and (name ilike ${pattern} or email ilike ${pattern})
    )`;
}

/** A lead with its people and its story, the latest first; deleted ones too; refuses `NOT_FOUND`. */
export async function getLead(ctx: Context, id: number): Promise<Lead> {
  requireRole(ctx, "viewer");
  const [institution] = await ctx.db<(InstitutionRow & Restorable)[]>`
    select *, ${restorableUntil(ctx, ctx.db`deleted_at`)}
    from institutions
    where id = ${id}`;
  if (!institution) refuseMissing("lead");
  const contacts = await ctx.db<ContactRow[]>`
    select *
    from contacts
    where institution_id = ${id} and deleted_at is null
    order by id`;
  const activities = await ctx.db<LeadActivityRow[]>`
    select *
    from lead_activities
    where institution_id = ${id}
    order by happened_at desc, id desc
    limit 200`;
  return { ...institution, contacts, activities };
}

/** Leads in numbers. */
export async function getLeadStats(ctx: Context): Promise<LeadStats> {
  requireRole(ctx, "viewer");
  const rows = await ctx.db<{ type: string; stage: Stage; count: number }[]>`
    select type, stage, count(*) as count
    from institutions
    where deleted_at is null
    group by type, stage
    order by type`;
  const [others] = await ctx.db<Pick<LeadStats, "totalContacts" | "recentActivities">[]>`
    select
      (
        select count(*)
        from contacts k
        join institutions i on i.id = k.institution_id
        where k.deleted_at is null and i.deleted_at is null
      ) as total_contacts,
      (
        select count(*)
        from lead_activities
        where happened_at > ${ctx.now}::timestamptz - interval '30 days' and happened_at <= ${ctx.now}
      ) as recent_activities`;
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
