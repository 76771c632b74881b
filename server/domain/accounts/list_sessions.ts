// Where a user is signed in, for people: one line for each sign-in, however often its token was exchanged since.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { endFamily, endSessionsOf, type SessionRow } from "./sessions.ts";
import { getUser } from "./users.ts";

/** A sign-in that is still good. */
export interface UserSession {
  id: number;
  deviceId: string | null;
  /** What the machine is called, when it is on one of the user's licenses. */
  machineName: string | null;
  signedInAt: Date;
  /** When the app last exchanged its token, or signed in. */
  refreshedAt: Date;
  expiresAt: Date;
}

/**
 * Where a user is signed in now, the latest first.
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
        where first.user_id = s.user_id and first.family = s.family
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
 * Signs a user out in one place. Their app there has to sign in anew.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function endUserSession(ctx: Context, userId: number, sessionId: number): Promise<void> {
  requireRole(ctx, "manager");
  await inTransaction(ctx, async (ctx) => {
    const [session] = await ctx.db<Pick<SessionRow, "family" | "deviceId">[]>`
      select family, device_id
      from sessions
      where id = ${sessionId} and user_id = ${userId}`;
    if (!session) {
      refuse("NOT_FOUND", { subject: "session", field: "sessionId" });
    }
    if (await endFamily(ctx, { userId, family: session.family }) === 0) return;
    await recordEvent(ctx, {
      type: "user.signed_out",
      subjectId: userId,
      before: { deviceId: session.deviceId },
    });
  });
}

/**
 * Signs a user out everywhere. They may sign in again.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function signUserOut(ctx: Context, userId: number): Promise<void> {
  requireRole(ctx, "manager");
  await inTransaction(ctx, async (ctx) => {
    await getUser(ctx, userId);
    if (await endSessionsOf(ctx, userId) === 0) return;
    await recordEvent(ctx, { type: "user.signed_out", subjectId: userId });
  });
}
