// Leads, their contacts and activities. Files are imported through POST /leads/import.
import * as input from "../domain/leads/inputs.ts";
import * as leads from "../domain/leads/leads.ts";
import { getLeadStats } from "../domain/leads/statistics.ts";
import { listLeads } from "../domain/leads/list.ts";
import * as contacts from "../domain/leads/contacts.ts";
import { recordActivity } from "../domain/leads/activities.ts";
import { deleteConflict } from "./delete_conflict.ts";
import { editOf, manager, oneId, router, viewer } from "./trpc.ts";

export const leadsRouter = router({
  list: viewer.input(input.leadList).query(({ ctx: { ctx }, input }) => listLeads(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => leads.getLead(ctx, input.id)),
  stats: viewer.query(({ ctx: { ctx } }) => getLeadStats(ctx)),
  create: manager.input(input.newLead).mutation(({ ctx: { ctx }, input }) => leads.createLead(ctx, input)),
  edit: manager.input(editOf(input.leadChanges)).mutation(({ ctx: { ctx }, input }) =>
    leads.updateLead(ctx, input)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => leads.deleteLead(ctx, input.id)),
  deleteConflict: deleteConflict(leads.findLeadDeleteConflict),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => leads.restoreLead(ctx, input.id)),
  addContact: manager.input(input.newContact).mutation(({ ctx: { ctx }, input }) =>
    contacts.createContact(ctx, input)
  ),
  editContact: manager.input(editOf(input.contactChanges)).mutation((
    { ctx: { ctx }, input },
  ) => contacts.updateContact(ctx, input)),
  deleteContact: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    contacts.deleteContact(ctx, input.id)
  ),
  restoreContact: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    contacts.restoreContact(ctx, input.id)
  ),
  recordActivity: manager.input(input.newActivity).mutation(({ ctx: { ctx }, input }) =>
    recordActivity(ctx, input)
  ),
});
