// Leads, the people there, and what was said. Tables come in through POST /leads/import.
import * as input from "../domain/leads/inputs.ts";
import { getLead, getLeadStats, listLeads } from "../domain/leads/lead.ts";
import * as manage from "../domain/leads/manage.ts";
import * as people from "../domain/leads/people.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const leadsRouter = router({
  list: viewer.input(input.leadList).query(({ ctx: { ctx }, input }) => listLeads(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getLead(ctx, input.id)),
  stats: viewer.query(({ ctx: { ctx } }) => getLeadStats(ctx)),
  create: manager.input(input.newLead).mutation(({ ctx: { ctx }, input }) => manage.createLead(ctx, input)),
  edit: manager.input(oneId.extend({ changes: input.leadChanges })).mutation(({ ctx: { ctx }, input }) =>
    manage.editLead(ctx, input.id, input.changes)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => manage.deleteLead(ctx, input.id)),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => manage.restoreLead(ctx, input.id)),
  addContact: manager.input(input.newContact).mutation(({ ctx: { ctx }, input }) =>
    people.addContact(ctx, input)
  ),
  editContact: manager.input(oneId.extend({ changes: input.contactChanges })).mutation((
    { ctx: { ctx }, input },
  ) => people.editContact(ctx, input.id, input.changes)),
  deleteContact: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    people.deleteContact(ctx, input.id)
  ),
  restoreContact: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    people.restoreContact(ctx, input.id)
  ),
  recordActivity: manager.input(input.newActivity).mutation(({ ctx: { ctx }, input }) =>
    people.recordActivity(ctx, input)
  ),
});
