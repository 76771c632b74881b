// Updating existing leads by the rows of a table: a cell with a value replaces the lead's, an empty one leaves it.
import type { Context } from "../context.ts";
import { foldEmail } from "../email_address.ts";
import { revisionOfRow, type TableLead } from "./columns.ts";
import { type ContactRow, createContact, updateContact } from "./contacts.ts";
import { type InstitutionRow, updateLead } from "./leads.ts";
import type { RowUpdate } from "../imports/imported_kind.ts";
import { comparable } from "../text.ts";

/** A lead with its first contact. */
type ExportedLead = InstitutionRow & Parameters<typeof revisionOfRow>[0];

type LeadUpdate = RowUpdate<TableLead>;

/**
 * The leads of rows that were exported before the lead or its first contact was changed. They are locked, so that in a
 * transaction none is changed until the rows are saved.
 */
export async function getOutdated(ctx: Context, exported: LeadUpdate[]): Promise<Set<number>> {
  const current = await ctx.db<ExportedLead[]>`
    select
      i.*, k.name as contact_name, k.email as contact_email, k.phone as contact_phone,
      k.position as contact_position
    from institutions i
    left join lateral (
      select *
      from contacts
      where institution_id = i.id and deleted_at is null
      order by id
      limit 1
    ) k on true
    where i.id = any(${exported.map(({ id }) => id)})
    order by i.id
    for update of i`;
  const revisions = new Map(current.map((lead) => [lead.id, revisionOfRow(lead)]));
  return new Set(
    exported.filter(({ id, values }) => revisions.get(id) !== values.revision).map(({ id }) => id),
  );
}

/** Updates leads and the contacts that the rows name. What is equal already costs no statement. */
export async function updateFromRows(ctx: Context, updates: LeadUpdate[]): Promise<void> {
  const ids = updates.map(({ id }) => id);
  const leads = await ctx.db<InstitutionRow[]>`
    select *
    from institutions
    where id = any(${ids})`;
  const contacts = await ctx.db<ContactRow[]>`
    select *
    from contacts
    where institution_id = any(${ids}) and deleted_at is null
    order by id`;
  const byId = new Map(leads.map((lead) => [lead.id, lead]));
  const contactsByLead = Map.groupBy(contacts, ({ institutionId }) => institutionId);
  for (const { id: leadId, values: row } of updates) {
    const {
      contactName: _n,
      contactEmail: _e,
      contactPhone: _p,
      contactPosition: _o,
      revision: _r,
      ...fields
    } = row;
    const changes = changesOf(byId.get(leadId), fields);
    if (changes) byId.set(leadId, await updateLead(ctx, { id: leadId, changes }));
    contactsByLead.set(leadId, await updateContacts(ctx, leadId, contactsByLead.get(leadId) ?? [], row));
  }
}

/** Updates or adds the contact that a row names; returns the contacts as they are then. */
async function updateContacts(
  ctx: Context,
  leadId: number,
  contacts: ContactRow[],
  row: TableLead,
): Promise<ContactRow[]> {
  const name = nameOfContact(row);
  if (name === null) return contacts;
  const { contactEmail: email, contactPhone: phone, contactPosition: position } = row;
  const person = { name: row.contactName, email, phone, position };
  const contact = findContact(contacts, row);
  if (!contact) return [...contacts, await createContact(ctx, { ...person, institutionId: leadId, name })];
  const changes = changesOf(contact, person);
  if (!changes) return contacts;
  const updated = await updateContact(ctx, { id: contact.id, changes });
  return contacts.map((other) => other.id === updated.id ? updated : other);
}

/** The contact with the row's address, otherwise the one with its name, otherwise the first if the row names no one. */
function findContact(
  contacts: ContactRow[],
  { contactName, contactEmail }: TableLead,
): ContactRow | undefined {
  const address = contactEmail && foldEmail(contactEmail);
  const byAddress = contacts.find(({ email }) => address && email && foldEmail(email) === address);
  if (byAddress) return byAddress;
  if (!contactName) return contacts[0];
  const known = comparable(contactName);
  return contacts.find(({ name, email }) => comparable(name) === known && !(address && email));
}

/** The given values that differ; null for none. */
function changesOf<Values extends object>(
  before: object | undefined,
  values: Values,
): Partial<Values> | null {
  const old = (before ?? {}) as Record<string, unknown>;
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
