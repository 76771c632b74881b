// Users, and the keys their entitlements are signed with.
import { createListedUser, getListedUser, listUsers } from "../domain/accounts/list_users.ts";
import { listSigningKeys, rotateSigningKey } from "../domain/accounts/signing_keys.ts";
import { disableUser, enableUser } from "../domain/accounts/users.ts";
import { newUser, userList } from "../domain/inputs/users.ts";
import { manager, oneId, owner, router, viewer } from "./trpc.ts";

export const usersRouter = router({
  list: viewer.input(userList).query(({ ctx: { ctx }, input }) => listUsers(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getListedUser(ctx, input.id)),
  create: manager.input(newUser).mutation(({ ctx: { ctx }, input }) => createListedUser(ctx, input)),
  switchOff: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => disableUser(ctx, input.id)),
  switchOn: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => enableUser(ctx, input.id)),
});

export const signingKeysRouter = router({
  list: owner.query(async ({ ctx: { ctx } }) =>
    (await listSigningKeys(ctx)).map(({ privateKey: _, ...key }) => key)
  ),
  rotate: owner.mutation(async ({ ctx: { ctx } }) => {
    const { privateKey: _, ...key } = await rotateSigningKey(ctx);
    return key;
  }),
});
