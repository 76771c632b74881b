// Setting a password: for a new account, after forgetting it, or instead of the current one. Ends all sessions of the
// user.
import { limitAttempts } from "../attempts/attempts.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { getLink, revokeLinks, useLink, useUserLink } from "./email_links.ts";
import { hashPassword, verifyPassword } from "../passwords/password_hash.ts";
import { revokeSessions } from "./end_sessions.ts";
import { type SignInResult, startUserSession } from "./sign_in.ts";
import { requireLiveSession } from "./get_session.ts";
import { type LockedUser, lockUser, lockVerifiedUser } from "./lock_user.ts";
import { getUser, insertUser } from "./users.ts";

/**
 * Creates an account from a registration link and signs the user in.
 *
 * @throws DomainError `MAGIC_LINK_INVALID`, `INVALID_REQUEST` when the password is too short, too long or too easy to guess
 */
export async function register(
  ctx: Context,
  { token, password }: { token: string; password: string },
): Promise<SignInResult> {
  const { email, name } = await getLink(ctx, "register", token);
  const passwordHash = await hashPassword(password, { email, name: name ?? "" });
  return await inTransaction(ctx, async (ctx) => {
    const link = await useLink(ctx, "register", token);
    const { id } = await insertUser(ctx, { email: link.email, name: link.name ?? link.email, passwordHash });
    return await startUserSession(ctx, await lockUser(ctx, id), null);
  });
}

/**
 * Sets a password by a link, ends the user's sessions and signs the user in.
 *
 * @throws DomainError `MAGIC_LINK_INVALID`, `INVALID_REQUEST` when the password is too short, too long or too easy to guess
 */
export async function resetPassword(
  ctx: Context,
  { token, password }: { token: string; password: string },
): Promise<SignInResult> {
  const { email, userId } = await getLink(ctx, "password", token);
  const { name } = await getUser(ctx, userId!);
  const passwordHash = await hashPassword(password, { email, name });
  return await inTransaction(ctx, async (ctx) => {
    const user = await useUserLink(ctx, "password", token);
    await setPassword(ctx, user, passwordHash);
    return await startUserSession(ctx, user, null);
  });
}

/**
 * Changes the password of a signed-in user, ends the user's sessions and signs the user in again.
 *
 * @param current null when the user has no password yet
 * @throws DomainError `CREDENTIALS_INVALID`, `SESSION_TOKEN_INVALID` when the session ended meanwhile, `INVALID_REQUEST`
 *   when the password is too short, too long or too easy to guess, `RATE_LIMITED` after repeated failures
 */
export async function changePassword(
  ctx: Context,
  { userId, current, password }: { userId: number; current: string | null; password: string },
): Promise<SignInResult> {
  const verified = await getUser(ctx, userId);
  if (verified.passwordHash !== null) {
    await limitAttempts(ctx, { kind: "user", email: verified.email, isKnownHere: true }, async (attempt) => {
      const isRight = await verifyPassword(attempt, verified.passwordHash, current ?? "");
      if (!isRight) refuse("CREDENTIALS_INVALID", { field: "currentPassword" });
    });
  }
  const passwordHash = await hashPassword(password, verified);
  return await inTransaction(ctx, async (ctx) => {
    const user = await lockVerifiedUser(ctx, verified);
    await requireLiveSession(ctx);
    await setPassword(ctx, user, passwordHash);
    return await startUserSession(ctx, user, null);
  });
}

async function setPassword(ctx: Context, user: LockedUser, passwordHash: string): Promise<void> {
  await ctx.db`
    update users
    set password_hash = ${passwordHash}, updated_at = ${ctx.now}
    where id = ${user.id}`;
  await revokeSessions(ctx, user);
  await revokeLinks(ctx, user.email);
  const actor = { kind: "user", id: user.id, email: user.email } as const;
  await recordEvent({ ...ctx, actor }, { type: "user.password_set", subjectId: user.id });
}
