// Making, changing and deleting leads. A change of stage is part of the lead's story; a lead that is won becomes a
// customer.
import type { z } from "zod";
import { changeDeletion, differences, refuseMissing, restorableSince } from "../changes.ts";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { createCustomer } from "../customers/customers.ts";
import { recordEvent } from "../events/record.ts";
import type { leadChanges, newLead } from "./inputs.ts";
import { addContact, noteActivity } from "./people.ts";
import type { InstitutionRow } from "./lead.ts";

/** Adds a lead, with the first person there when one is given. */
export async function createLead(ctx: Context, input: z.infer<typeof newLead>): Promise<InstitutionRow> {
  requireRole(ctx, "manager");
  const { contact, ...given } = input;
  return await inTransaction(ctx, async (ctx) => {
    const [lead] = await ctx.db<InstitutionRow[]>`
      insert into institutions (name, type, stage, website, city, country, notes, created_at, updated_at)
      values (
        ${given.name}, ${given.type ?? "company"}, 'new', ${given.website ?? null}, ${given.city ?? null},
        ${given.country ?? null}, ${given.notes ?? ""}, ${ctx.now}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, {
      type: "lead.created",
      subjectId: lead.id,
      after: { name: lead.name, type: lead.type },
    });
    if (contact) await addContact(ctx, { ...contact, institutionId: lead.id });
    return given.stage && given.stage !== "new" ? await editLead(ctx, lead.id, { stage: given.stage }) : lead;
  });
}

/**
 * Changes the fields that are given.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function editLead(
  ctx: Context,
  id: number,
  changes: z.infer<typeof leadChanges>,
): Promise<InstitutionRow> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [before] = await ctx.db<InstitutionRow[]>`
      select *
      from institutions
      where id = ${id} and deleted_at is null
      for update`;
    if (!before) refuseMissing("lead");
    const wanted = { ...before, ...changes };
    const customerId = wanted.stage === "won"
      ? before.customerId ?? await makeCustomer(ctx, wanted)
      : before.customerId;
    const [after] = await ctx.db<InstitutionRow[]>`
      update institutions
      set name = ${wanted.name}, type = ${wanted.type}, stage = ${wanted.stage}, website = ${wanted.website},
        city = ${wanted.city}, country = ${wanted.country}, notes = ${wanted.notes},
        customer_id = ${customerId}, updated_at = ${ctx.now}
      where id = ${id}
      returning *`;
    const names = ["name", "type", "stage", "website", "city", "country", "notes", "customerId"] as const;
    const changed = differences(before, after, names);
    if (changed) await recordEvent(ctx, { type: "lead.updated", subjectId: id, ...changed });
    if (before.stage !== after.stage) {
      await noteActivity(ctx, {
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

/** Makes a customer of a lead, reached at its first person's address. */
async function makeCustomer(ctx: Context, lead: Pick<InstitutionRow, "id" | "name">): Promise<number> {
  const [contact] = await ctx.db<{ email: string }[]>`
    select email
    from contacts
    where institution_id = ${lead.id} and deleted_at is null and email is not null
    order by id
    limit 1`;
  const customer = await createCustomer(ctx, { name: lead.name, email: contact?.email ?? null });
  await recordEvent(ctx, {
    type: "lead.won",
    subjectId: lead.id,
    customerId: customer.id,
    after: { customerId: customer.id },
  });
  return customer.id;
}

/** Makes a customer of a lead that came as won already. */
export async function becomeCustomer(ctx: Context, lead: Pick<InstitutionRow, "id" | "name">): Promise<void> {
  const customerId = await makeCustomer(ctx, lead);
  await ctx.db`
    update institutions
    set customer_id = ${customerId}
    where id = ${lead.id}`;
}

/** Deletes a lead; restorable for 30 days. Refuses `NOT_FOUND`. */
export async function deleteLead(ctx: Context, id: number): Promise<void> {
  await changeDeletion<InstitutionRow>(ctx, { kind: "lead", id }, "lead.deleted", (ctx) =>
    ctx.db`
      update institutions
      set deleted_at = ${ctx.now}, updated_at = ${ctx.now}
      where id = ${id} and deleted_at is null
      returning *`);
}

/** Restores a lead deleted within the last 30 days. Refuses `NOT_FOUND`. */
export async function restoreLead(ctx: Context, id: number): Promise<InstitutionRow> {
  return await changeDeletion<InstitutionRow>(ctx, { kind: "lead", id }, "lead.restored", (ctx) =>
    ctx.db`
      update institutions
      set deleted_at = null, updated_at = ${ctx.now}
      where id = ${id} and deleted_at > ${restorableSince(ctx)}
      returning *`);
}
