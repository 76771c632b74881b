// Users of apps: list, changes, links and sessions.
import { createListedUser, getListedUser, listUsers } from "../domain/accounts/list_users.ts";
import { sendLink, updateUser } from "../domain/accounts/edit_user.ts";
import { endUserSession, listUserSessions, signUserOut } from "../domain/accounts/list_sessions.ts";
import { disableUser, enableUser } from "../domain/accounts/disable_user.ts";
import { newUser, userChanges, userLink, userList } from "../domain/accounts/inputs.ts";
import { erasePersonalData } from "../domain/data_protection/erase.ts";
import { exportPersonalData } from "../domain/data_protection/export.ts";
import { erasureConfirmation } from "../domain/data_protection/inputs.ts";
import { editOf, manager, oneId, owner, router, viewer } from "./trpc.ts";

export const usersRouter = router({
  list: viewer.input(userList).query(({ ctx: { ctx }, input }) => listUsers(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getListedUser(ctx, input.id)),
  create: manager.input(newUser).mutation(({ ctx: { ctx }, input }) => createListedUser(ctx, input)),
  edit: manager.input(editOf(userChanges)).mutation(({ ctx: { ctx }, input }) => updateUser(ctx, input)),
  /** Mails the user a link; its token is in the mail alone. */
  sendLink: manager.input(oneId.extend(userLink.shape)).mutation(({ ctx: { ctx }, input }) =>
    sendLink(ctx, { id: input.id, purpose: input.purpose })
  ),
  sessions: viewer.input(oneId).query(({ ctx: { ctx }, input }) => listUserSessions(ctx, input.id)),
  endSession: manager.input(oneId.extend({ sessionId: oneId.shape.id })).mutation(({ ctx: { ctx }, input }) =>
    endUserSession(ctx, { userId: input.id, sessionId: input.sessionId })
  ),
  signOut: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => signUserOut(ctx, input.id)),
  disable: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => disableUser(ctx, input.id)),
  enable: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => enableUser(ctx, input.id)),
  exportPersonalData: owner.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    exportPersonalData(ctx, { kind: "user", id: input.id })
  ),
  erase: owner.input(oneId.extend(erasureConfirmation.shape)).mutation(({ ctx: { ctx }, input }) =>
    erasePersonalData(ctx, { kind: "user", id: input.id, confirmation: input.confirmation })
  ),
});
