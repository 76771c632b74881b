// Ending sessions: signing out, revoking those of a copied token, and deleting expired ones.
import { type Context, inTransaction, type LookupContext } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { tokenHash } from "../random_token.ts";
import { type LockedUser, lockUser } from "./lock_user.ts";
import type { Session } from "./session.ts";

/** How long an expired session is kept; days. */
const RETENTION = 1;

/** Revokes the sessions of a sign-in whose token was reused: the user and a thief cannot be distinguished. */
export async function revokeReusedSessions(
  ctx: LookupContext,
  session: Pick<Session, "signInId" | "userId" | "email">,
): Promise<void> {
  const actor = { kind: "user", id: session.userId, email: session.email } as const;
  await inTransaction({ ...ctx, actor }, async (ctx) => {
    const user = await lockUser(ctx, session.userId);
    if (await revokeSessions(ctx, user, session.signInId) === 0) return;
    await recordEvent(ctx, { type: "session.reused", subjectId: session.userId });
  });
}

/**
 * Revokes the sessions of one sign-in, or all of a user.
 *
 * @param user locked, because a refresh under way would insert a session that this statement does not see
 * @returns the number of revoked sessions
 */
export async function revokeSessions(
  ctx: Pick<Context, "db" | "now">,
  user: LockedUser,
  signInId?: string,
): Promise<number> {
  const revoked = await ctx.db`
    update sessions
    set revoked_at = ${ctx.now}
    where user_id = ${user.id}
      and (${signInId ?? null}::uuid is null or sign_in_id = ${signInId ?? null})
      and revoked_at is null`;
  return revoked.count;
}

/** Signs out: revokes the sessions of the token's sign-in. Does nothing when the token is unknown or revoked. */
export async function signOut(ctx: Context, token: string): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const [session] = await ctx.db<Pick<Session, "signInId" | "userId" | "email">[]>`
      select s.sign_in_id, s.user_id, u.email
      from sessions s
      join users u on u.id = s.user_id
      where s.token_hash = ${tokenHash(token)} and s.revoked_at is null`;
    if (!session) return;
    const user = await lockUser(ctx, session.userId);
    if (await revokeSessions(ctx, user, session.signInId) === 0) return;
    const actor = { kind: "user", id: session.userId, email: session.email } as const;
    await recordEvent({ ...ctx, actor }, { type: "user.signed_out", subjectId: session.userId });
  });
}

/**
 * Deletes sessions that expired more than a day ago.
 *
 * @returns the number of sessions
 */
export async function deleteExpiredSessions(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from sessions
    where expires_at < ${ctx.now}::timestamptz - make_interval(days => ${RETENTION})`;
  return deleted.count;
}
