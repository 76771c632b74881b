// Activities of a lead: calls, emails, meetings, notes and changes of stage.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import type { newActivity } from "./inputs.ts";

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

/** Activities that a lead shows. */
const MAX_LISTED_ACTIVITIES = 200;

/** The latest activities of a lead, the latest first. */
export async function listActivities(ctx: Context, leadId: number): Promise<LeadActivityRow[]> {
  return await ctx.db<LeadActivityRow[]>`
    select *
    from lead_activities
    where institution_id = ${leadId}
    order by happened_at desc, id desc
    limit ${MAX_LISTED_ACTIVITIES}`;
}

/**
 * Records a call, an email, a meeting or a note.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no such lead, or the contact belongs to another one
 */
export async function recordActivity(
  ctx: Context,
  input: z.infer<typeof newActivity>,
): Promise<LeadActivityRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    if (input.contactId != null) {
      const [known] = await ctx.db`
        select 1
        from contacts
        where id = ${input.contactId} and institution_id = ${input.institutionId} and deleted_at is null`;
      if (!known) refuse("INVALID_REQUEST", { field: "contactId", reason: "not_of_this_lead" });
    }
    const activity = await insertActivity(ctx, {
      institutionId: input.institutionId,
      contactId: input.contactId ?? null,
      kind: input.kind,
      text: input.text,
      happenedAt: input.happenedAt ? new Date(input.happenedAt) : ctx.now,
    });
    await recordEvent(ctx, {
      type: "lead_activity.recorded",
      subjectId: input.institutionId,
      after: { activityId: activity.id, kind: activity.kind },
    });
    return activity;
  });
}

/** Inserts an activity with the actor as author. */
export async function insertActivity(
  ctx: Context,
  activity: Pick<LeadActivityRow, "institutionId" | "contactId" | "kind" | "text" | "happenedAt">,
): Promise<LeadActivityRow> {
  const author = "name" in ctx.actor ? ctx.actor.name : "Latchkey";
  const [row] = await ctx.db<LeadActivityRow[]>`
    insert into lead_activities (institution_id, contact_id, kind, text, author, happened_at, created_at)
    values (
      ${activity.institutionId}, ${activity.contactId}, ${activity.kind}, ${activity.text}, ${author},
      ${activity.happenedAt}, ${ctx.now}
    )
    returning *`;
  return row;
}
