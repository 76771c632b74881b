// Updating existing leads by the rows of a table: a cell with a value replaces the lead's, an empty one leaves it.
import type { Context } from "../context.ts";
import { foldEmail } from "../email_address.ts";
import type { TableLead } from "./columns.ts";
import { type ContactRow, createContact, updateContact } from "./contacts.ts";
import { type InstitutionRow, updateLead } from "./leads.ts";

/** Updates a lead and the contact that the row names: the one with its address, otherwise the first. */
export async function updateFromRow(ctx: Context, leadId: number, row: TableLead): Promise<void> {
  const [lead] = await ctx.db<InstitutionRow[]>`
    select *
    from institutions
    where id = ${leadId}`;
  const { contactName, contactEmail, contactPhone, contactPosition, ...fields } = row;
  const changes = changesOf(lead, fields);
  if (changes) await updateLead(ctx, { id: leadId, changes });
  const person = { name: contactName, email: contactEmail, phone: contactPhone, position: contactPosition };
  if (!Object.values(person).some(Boolean)) return;
  const contacts = await ctx.db<ContactRow[]>`
    select *
    from contacts
    where institution_id = ${leadId} and deleted_at is null
    order by id`;
  const address = contactEmail && foldEmail(contactEmail);
  const contact = contacts.find(({ email }) => address && email && foldEmail(email) === address) ??
    contacts[0];
  if (!contact) {
    await createContact(ctx, { ...person, institutionId: leadId, name: nameOfContact(row)! });
    return;
  }
  const changed = changesOf(contact, person);
  if (changed) await updateContact(ctx, { id: contact.id, changes: changed });
}

/** The given values that differ; null for none. */
function changesOf<Values extends object>(before: object, values: Values): Partial<Values> | null {
  const old = before as Record<string, unknown>;
  const changed = Object.entries(values).filter(([name, value]) =>
    value !== undefined && value !== null && value !== old[name]
  );
  return changed.length > 0 ? Object.fromEntries(changed) as Partial<Values> : null;
}

/** The name of a row's contact; that of a contact without one is the address. Null without a contact. */
export function nameOfContact(
  { contactName, contactEmail, contactPhone, contactPosition }: TableLead,
): string | null {
  return contactName ?? contactEmail ?? (contactPhone || contactPosition ? "Unknown" : null);
}

/** Overwrites the values of a row that is not saved yet by those of a later duplicate. */
export function mergeRow(row: TableLead, later: TableLead): void {
  Object.assign(
    row,
    Object.fromEntries(Object.entries(later).filter(([, value]) => value !== undefined && value !== null)),
  );
}
