// Administrators and their invitations; owners manage them.
import { listAdministrators } from "../domain/administrators/administrators.ts";
import {
  inviteAdministrator,
  listInvitations,
  revokeInvitation,
} from "../domain/administrators/invitations.ts";
import { unlinkIdentities } from "../domain/administrators/identities.ts";
import { updateAdministrator } from "../domain/administrators/update.ts";
import { administratorChanges, invitation } from "../domain/administrators/inputs.ts";
import { editOf, oneId, owner, router } from "./trpc.ts";

export const administratorsRouter = router({
  list: owner.query(({ ctx: { ctx } }) => listAdministrators(ctx)),
  edit: owner.input(editOf(administratorChanges)).mutation(({ ctx: { ctx }, input }) =>
    updateAdministrator(ctx, input)
  ),
  unlinkIdentities: owner.input(oneId).mutation(({ ctx: { ctx }, input }) => unlinkIdentities(ctx, input.id)),
  invite: owner.input(invitation).mutation(({ ctx: { ctx, site }, input }) =>
    inviteAdministrator(ctx, input, site.publicUrl)
  ),
  invitations: owner.query(({ ctx: { ctx } }) => listInvitations(ctx)),
  revokeInvitation: owner.input(oneId).mutation(({ ctx: { ctx }, input }) => revokeInvitation(ctx, input.id)),
});
