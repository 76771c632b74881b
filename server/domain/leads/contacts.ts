// Contacts: the persons of a lead.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type DeletableEntity, entityVerbs, withRevision } from "../entity.ts";
import { recordEvent } from "../events/record.ts";
import type { WithRevision } from "../revision.ts";
import type { contactChanges, newContact } from "./inputs.ts";

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

const entity: DeletableEntity<ContactRow> = {
  subject: "contact",
  fields: ["name", "email", "phone", "position"],
  select: (ctx, id, locking) =>
    ctx.db<ContactRow[]>`
      select *
      from contacts
      where id = ${id}
      ${locking}`,
  save: (ctx, row) =>
    ctx.db<ContactRow[]>`
      update contacts
      set name = ${row.name}, email = ${row.email}, phone = ${row.phone}, position = ${row.position},
        updated_at = ${ctx.now}, deleted_at = ${row.deletedAt}
      where id = ${row.id}
      returning *`,
  updated: (row, difference) => ({ type: "contact.updated", subjectId: row.id, ...difference }),
  deleted: (row) => ({ type: "contact.deleted", subjectId: row.id, before: describe(row) }),
  restored: (row) => ({ type: "contact.restored", subjectId: row.id, after: describe(row) }),
};

function describe({ institutionId, name, email }: ContactRow) {
  return { leadId: institutionId, name, email };
}

/**
 * Adds a contact to a lead.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no such lead
 */
export async function createContact(ctx: Context, input: z.infer<typeof newContact>): Promise<ContactRow> {
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
      after: describe(contact),
    });
    return contact;
  });
}

/** The contacts of a lead in the order of their creation, without deleted ones. */
export async function listContacts(ctx: Context, leadId: number): Promise<(ContactRow & WithRevision)[]> {
  const rows = await ctx.db<ContactRow[]>`
    select *
    from contacts
    where institution_id = ${leadId} and deleted_at is null
    order by id`;
  return rows.map((row) => withRevision(entity, row));
}

/** The verbs of `EntityVerbs` for contacts. */
export const {
  update: updateContact,
  delete: deleteContact,
  restore: restoreContact,
} = entityVerbs<ContactRow, z.infer<typeof contactChanges>>(entity);
