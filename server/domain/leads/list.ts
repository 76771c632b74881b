// The list of leads.
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { withRevision } from "../entity.ts";
import { containsPattern, MIN_CONTAINED, prefixPattern } from "../list_conditions.ts";
import { listPage, type Page } from "../lists.ts";
import { inPeriod } from "../periods.ts";
import { deletedCondition, type Restorable, restorableUntilColumn } from "../soft_delete.ts";
import { hasTag } from "../tags.ts";
import type { WithRevision } from "../revision.ts";
import type { leadList } from "./inputs.ts";
import { type InstitutionRow, leadEntity } from "./leads.ts";

/** A row of the list. */
type LeadRow = InstitutionRow & Restorable & {
  contactName: string | null;
  contactEmail: string | null;
  contactPhone: string | null;
  contactPosition: string | null;
  lastActivityAt: Date | null;
};

/** A lead in a list, with its revision, its first contact and the time of its latest activity. */
export type ListedLead = LeadRow & WithRevision;

/** Lists leads, by default the newest first. */
export async function listLeads(ctx: Context, query: z.infer<typeof leadList>): Promise<Page<ListedLead>> {
  requireRole(ctx, "viewer");
  const page = await listPage<LeadRow>(ctx, query, {
    columns: ctx.db`
      i.*, ${restorableUntilColumn(ctx, ctx.db`i.deleted_at`)},
      k.name as contact_name, k.email as contact_email, k.phone as contact_phone,
      k.position as contact_position,
      (select max(happened_at) from lead_activities where institution_id = i.id) as last_activity_at`,
    from: ctx.db`institutions i`,
    pageFrom: ctx.db`
      institutions i
      left join lateral (
        select *
        from contacts
        where institution_id = i.id and deleted_at is null
        order by id
        limit 1
      ) k on true`,
    where: [
      deletedCondition(ctx, ctx.db`i.deleted_at`, query.deleted),
      query.type ? ctx.db`i.type = ${query.type}` : null,
      query.stage ? ctx.db`i.stage = ${query.stage}` : null,
      hasTag(ctx, ctx.db`i.tags`, query.tag),
      inPeriod(ctx, "i.created_at", { since: query.createdSince, until: query.createdUntil }),
      query.q ? nameMatches(ctx, query.q, deletedCondition(ctx, ctx.db`deleted_at`, query.deleted)) : null,
    ],
    sorts: { id: { by: "i.id", type: "bigint" }, name: { by: "lower(i.name)", type: "text" } },
    defaultSort: "-id",
    id: "i.id",
  });
  // The stage is changed in the list and on the board.
  return { ...page, rows: page.rows.map((row) => withRevision(leadEntity, row)) };
}

/**
 * Matches the name of the lead, or name or email address of a contact. A union, because "or" over two tables would not
 * use the trigram indexes.
 */
function nameMatches(ctx: Context, text: string, isListed: Fragment): Fragment {
  const [name, email] = ["name", "email"].map((column) => leadMatches(ctx, ctx.db.unsafe(column), text));
  return ctx.db`
    i.id in (
      select id
      from institutions
      where ${name} and ${isListed}
      union all
      select institution_id
      from contacts
      where deleted_at is null and (${name} or ${email})
    )`;
}

/**
 * The condition on a column of leads or contacts that `textMatches` is in the larger tables; their trigram indexes serve for
 * the first characters as well.
 */
export function leadMatches(ctx: Pick<Context, "db">, column: Fragment, text: string): Fragment {
  return ctx.db`${column} ilike ${text.length < MIN_CONTAINED ? prefixPattern(text) : containsPattern(text)}`;
}
