// Leads: institutions that may become customers. A lead that reaches the stage "won" becomes a customer.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import {
  type DeletableEntity,
  entityVerbs,
  getEntity,
  refuseNotFound,
  type Update,
  updateEntity,
  withRevision,
} from "../entity.ts";
import { recordEvent } from "../events/record.ts";
import type { Restorable } from "../soft_delete.ts";
import type { WithRevision } from "../revision.ts";
import { insertActivity, type LeadActivityRow, listActivities } from "./activities.ts";
import { type ContactRow, createContact, listContacts } from "./contacts.ts";
import { createCustomerOfLead } from "./customer.ts";
import type { leadChanges, newLead, Stage } from "./inputs.ts";

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
  tags: string[];
  customerId: number | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

export type Lead = InstitutionRow & Restorable & WithRevision & {
  contacts: (ContactRow & WithRevision)[];
  activities: LeadActivityRow[];
};

/** What the verbs of leads read and write. */
export const leadEntity: DeletableEntity<InstitutionRow> = {
  subject: "lead",
  fields: ["name", "type", "stage", "website", "city", "country", "notes", "tags", "customerId"],
  select: (ctx, id, locking) =>
    ctx.db<InstitutionRow[]>`
      select *
      from institutions
      where id = ${id}
      ${locking}`,
  save: (ctx, row) =>
    ctx.db<InstitutionRow[]>`
      update institutions
      set name = ${row.name}, type = ${row.type}, stage = ${row.stage}, website = ${row.website},
        city = ${row.city}, country = ${row.country}, notes = ${row.notes}, tags = ${row.tags},
        customer_id = ${row.customerId}, updated_at = ${ctx.now}, deleted_at = ${row.deletedAt}
      where id = ${row.id}
      returning *`,
  updated: (row, difference) => ({ type: "lead.updated", subjectId: row.id, ...difference }),
  deleted: ({ id, name }) => ({ type: "lead.deleted", subjectId: id, before: { name } }),
  restored: ({ id, name }) => ({ type: "lead.restored", subjectId: id, after: { name } }),
};

/** Creates a lead, with its first contact if one is given. */
export async function createLead(
  ctx: Context,
  input: z.infer<typeof newLead>,
): Promise<InstitutionRow & WithRevision> {
  requireRole(ctx, "manager");
  const { contact, ...fields } = input;
  return await inTransaction(ctx, async (ctx) => {
    const [lead] = await ctx.db<InstitutionRow[]>`
      insert into institutions (name, type, stage, website, city, country, notes, tags, created_at, updated_at)
      values (
        ${fields.name}, ${fields.type ?? "company"}, 'new', ${fields.website ?? null}, ${fields.city ?? null},
        ${fields.country ?? null}, ${fields.notes ?? ""}, ${fields.tags ?? []}, ${ctx.now}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, {
      type: "lead.created",
      subjectId: lead.id,
      after: { name: lead.name, type: lead.type },
    });
    if (contact) await createContact(ctx, { ...contact, institutionId: lead.id });
    const { stage = "new" } = fields;
    if (stage === "new") return withRevision(leadEntity, lead);
    return await updateLead(ctx, { id: lead.id, changes: { stage } });
  });
}

/**
 * Reads a lead, deleted or not, with its contacts and latest activities.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getLead(ctx: Context, id: number): Promise<Lead> {
  const institution = await getEntity(ctx, leadEntity, id);
  return {
    ...institution,
    contacts: await listContacts(ctx, id),
    activities: await listActivities(ctx, id),
  };
}

/**
 * Updates the given fields of a lead. A change of stage becomes an activity; the stage "won" creates the customer.
 *
 * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`
 */
export async function updateLead(
  ctx: Context,
  { id, changes, revision }: Update<z.infer<typeof leadChanges>>,
): Promise<InstitutionRow & WithRevision> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [before] = await leadEntity.select(ctx, id, ctx.db`for update`);
    // Here, and not by the update below: a lead that is created in between would be saved with what was not read.
    if (!before || before.deletedAt) refuseNotFound(leadEntity.subject);
    const isWon = (changes.stage ?? before.stage) === "won";
    const customerId = isWon && before.customerId === null
      ? await createCustomerOfLead(ctx, { ...before, ...changes })
      : before.customerId;
    const after = await updateEntity(ctx, leadEntity, { id, changes: { ...changes, customerId }, revision });
    if (before.stage !== after.stage) {
      await insertActivity(ctx, {
        institutionId: id,
        contactId: null,
        kind: "stage",
        text: `${before.stage} → ${after.stage}`,
        happenedAt: ctx.now,
      });
    }
    return after;
  });
}

/** The verbs of `EntityVerbs` for leads; `updateLead` is above. */
export const {
  delete: deleteLead,
  findDeleteConflict: findLeadDeleteConflict,
  restore: restoreLead,
} = entityVerbs<InstitutionRow, z.infer<typeof leadChanges>>(leadEntity);
