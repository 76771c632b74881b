// Administration of a user's sessions: one entry for each sign-in, however often it was refreshed since.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { revokeSessions } from "./end_sessions.ts";
import { lockUser } from "./lock_user.ts";
import type { SessionRow } from "./session.ts";
import { getUser } from "./users.ts";

/** A sign-in whose session is valid. */
export interface UserSession {
  id: number;
  deviceId: string | null;
  /** The machine's name, when it is activated on a license of the user. */
  machineName: string | null;
  signedInAt: Date;
  /** When the app last refreshed its token, or signed in. */
  refreshedAt: Date;
  expiresAt: Date;
}

/**
 * A user's sessions, the latest first.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function listUserSessions(ctx: Context, userId: number): Promise<UserSession[]> {
  requireRole(ctx, "viewer");
  await getUser(ctx, userId);
  return await ctx.db<UserSession[]>`
    select
      s.id, s.device_id, s.created_at as refreshed_at, s.expires_at,
      (
        select min(first.created_at)
        from sessions first
        where first.user_id = s.user_id and first.sign_in_id = s.sign_in_id
      ) as signed_in_at,
      (
        select max(a.machine_name)
        from activations a
        join licenses l on l.id = a.license_id
        where l.user_id = s.user_id and a.hardware_id = s.device_id
      ) as machine_name
    from sessions s
    where s.user_id = ${userId}
      and s.revoked_at is null
      and s.replaced_at is null
      and s.expires_at > ${ctx.now}
    order by s.created_at desc, s.id desc`;
}

/**
 * Ends one session of a user, whose app has to sign in again.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function endUserSession(
  ctx: Context,
  { userId, sessionId }: { userId: number; sessionId: number },
): Promise<void> {
  requireRole(ctx, "manager");
  await inTransaction(ctx, async (ctx) => {
    const user = await lockUser(ctx, userId);
    const [session] = await ctx.db<Pick<SessionRow, "signInId" | "deviceId">[]>`
      select sign_in_id, device_id
      from sessions
      where id = ${sessionId} and user_id = ${userId}`;
    if (!session) {
      refuse("NOT_FOUND", { subject: "session", field: "sessionId" });
    }
    if (await revokeSessions(ctx, user, session.signInId) === 0) return;
    await recordEvent(ctx, {
      type: "user.signed_out",
      subjectId: userId,
      before: { deviceId: session.deviceId },
    });
  });
}

/**
 * Ends all sessions of a user, who may sign in again.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function signUserOut(ctx: Context, userId: number): Promise<void> {
  requireRole(ctx, "manager");
  await inTransaction(ctx, async (ctx) => {
    const user = await lockUser(ctx, userId);
    if (await revokeSessions(ctx, user) === 0) return;
    await recordEvent(ctx, { type: "user.signed_out", subjectId: userId });
  });
}
