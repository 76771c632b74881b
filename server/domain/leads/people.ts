// The people of a lead, and what happened with it.
import type { z } from "zod";
import { differences, refuseMissing, restorableSince } from "../changes.ts";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import type { contactChanges, newActivity, newContact } from "./inputs.ts";
import { refuse } from "../errors.ts";
import type { ContactRow, LeadActivityRow } from "./lead.ts";

/**
 * Adds a person to a lead.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no such lead
 */
export async function addContact(ctx: Context, input: z.infer<typeof newContact>): Promise<ContactRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [contact] = await ctx.db<ContactRow[]>`
      insert into contacts (institution_id, name, email, phone, position, created_at, updated_at)
      values (
        ${input.institutionId}, ${input.name}, ${input.email ?? null}, ${input.phone ?? null},
        ${input.position ?? null}, ${ctx.now}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, {
      type: "contact.created",
      subjectId: contact.id,
      after: { leadId: contact.institutionId, name: contact.name, email: contact.email },
    });
    return contact;
  });
}

/**
 * Changes the fields of a person that are given.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function editContact(
  ctx: Context,
  id: number,
  changes: z.infer<typeof contactChanges>,
): Promise<ContactRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [before] = await ctx.db<ContactRow[]>`
      select *
      from contacts
      where id = ${id} and deleted_at is null
      for update`;
    if (!before) refuseMissing("contact");
    const wanted = { ...before, ...changes };
    const [after] = await ctx.db<ContactRow[]>`
      update contacts
      set name = ${wanted.name}, email = ${wanted.email}, phone = ${wanted.phone}, position = ${wanted.position},
        updated_at = ${ctx.now}
      where id = ${id}
      returning *`;
    const changed = differences(before, after, ["name", "email", "phone", "position"]);
    if (changed) await recordEvent(ctx, { type: "contact.updated", subjectId: id, ...changed });
    return after;
  });
}

/** Deletes a person of a lead; refuses `NOT_FOUND`. */
export async function deleteContact(ctx: Context, id: number): Promise<void> {
  requireRole(ctx, "manager");
  await inTransaction(ctx, async (ctx) => {
    const [contact] = await ctx.db<ContactRow[]>`
      update contacts
      set deleted_at = ${ctx.now}, updated_at = ${ctx.now}
      where id = ${id} and deleted_at is null
      returning *`;
    if (!contact) refuseMissing("contact");
    await recordEvent(ctx, {
      type: "contact.deleted",
      subjectId: id,
      before: { leadId: contact.institutionId, name: contact.name, email: contact.email },
    });
  });
}

/** Restores a person deleted within the last 30 days; refuses `NOT_FOUND`. */
export async function restoreContact(ctx: Context, id: number): Promise<ContactRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [contact] = await ctx.db<ContactRow[]>`
      update contacts
      set deleted_at = null, updated_at = ${ctx.now}
      where id = ${id} and deleted_at > ${restorableSince(ctx)}
      returning *`;
    if (!contact) refuseMissing("contact");
    await recordEvent(ctx, {
      type: "contact.restored",
      subjectId: id,
      after: { leadId: contact.institutionId, name: contact.name, email: contact.email },
    });
    return contact;
  });
}

/**
 * Records a call, a mail, a meeting or a note.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no such lead, or the person is not one of its
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
    const activity = await noteActivity(ctx, {
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

/** Writes a line of a lead's story in the caller's name. */
export async function noteActivity(
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
