// Choosing a password: for a new account, instead of a forgotten one, or instead of one that is known. A new password
// ends every session there was.
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { endLinks, getLink, takeLink } from "./mail_links.ts";
import { hashPassword, verifyPassword } from "../passwords/password_hash.ts";
import { endSessionsOf } from "./sessions.ts";
import { enter, type SignedIn } from "./sign_in.ts";
import { addUser, getUser, type UserRow } from "./users.ts";

/**
 * Makes the account of somebody who followed the link of their registration, and signs them in.
 *
 * @throws DomainError `MAGIC_LINK_INVALID`, `INVALID_REQUEST` for a password too weak
 */
export async function register(ctx: Context, token: string, password: string): Promise<SignedIn> {
  await getLink(ctx, "register", token);
  const passwordHash = await hashPassword(password);
  return await inTransaction(ctx, async (ctx) => {
    const link = await takeLink(ctx, "register", token);
    const user = await addUser(ctx, { email: link.email, name: link.name ?? link.email, passwordHash });
    return await enter(ctx, user, null);
  });
}

/**
 * Sets the password of somebody who followed the link for it, ends their sessions and signs them in.
 *
 * @throws DomainError `MAGIC_LINK_INVALID`, `INVALID_REQUEST` for a password too weak
 */
export async function resetPassword(ctx: Context, token: string, password: string): Promise<SignedIn> {
  await getLink(ctx, "password", token);
  const passwordHash = await hashPassword(password);
  return await inTransaction(ctx, async (ctx) => {
    const link = await takeLink(ctx, "password", token);
    const user = await getUser(ctx, link.userId!);
    if (user.disabledAt) refuse("MAGIC_LINK_INVALID");
    await setPassword(ctx, user, passwordHash);
    return await enter(ctx, user, null);
  });
}

/**
 * Changes the password of a user who is signed in, ends their sessions and signs them in anew.
 *
 * @param current null for who has none yet
 * @throws DomainError `CREDENTIALS_INVALID`, `INVALID_REQUEST` for a password too weak
 */
export async function changePassword(
  ctx: Context,
  userId: number,
  current: string | null,
  password: string,
): Promise<SignedIn> {
  const user = await getUser(ctx, userId);
  if (user.passwordHash !== null && !await verifyPassword(user.passwordHash, current ?? "")) {
    refuse("CREDENTIALS_INVALID", { field: "currentPassword" });
  }
  const passwordHash = await hashPassword(password);
  return await inTransaction(ctx, async (ctx) => {
    await setPassword(ctx, user, passwordHash);
    return await enter(ctx, user, null);
  });
}

async function setPassword(ctx: Context, user: UserRow, passwordHash: string): Promise<void> {
  await ctx.db`
    update users
    set password_hash = ${passwordHash}, updated_at = ${ctx.now}
    where id = ${user.id}`;
  await endSessionsOf(ctx, user.id);
  await endLinks(ctx, user.email);
  const actor = { kind: "user", id: user.id, email: user.email } as const;
  await recordEvent({ ...ctx, actor }, { type: "user.password_set", subjectId: user.id });
}
