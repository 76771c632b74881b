// Sessions: a user signed in somewhere, for seven days. A token is good until it ends, was revoked, or was exchanged
// for a newer one more than a minute ago; one that is used after that has been copied, and ends its whole family.
import { Buffer } from "node:buffer";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { type Context, inTransaction, type LookupContext } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { generateToken, tokenHash } from "../random_token.ts";

/** A row of `sessions`. */
export interface SessionRow {
  id: number;
  userId: number;
  family: string;
  tokenHash: Uint8Array;
  deviceId: string | null;
  stateHash: string | null;
  createdAt: Date;
  expiresAt: Date;
  replacedAt: Date | null;
  successor: Uint8Array | null;
  revokedAt: Date | null;
}

/** How long a session lasts, and how long a token is good after it was exchanged; milliseconds. */
export const LASTS = 7 * 86_400_000;
export const OVERLAP = 60_000;
/** How long a session is kept after its end, which is for ever refused; days. */
const KEPT_FOR = 1;

/** A session as a request is let in with it. */
export interface Session
  extends Pick<SessionRow, "id" | "userId" | "family" | "deviceId" | "expiresAt" | "replacedAt"> {
  email: string;
}

/**
 * Starts a session for a user who has shown who they are.
 *
 * @returns the token: the only time it is seen
 * @throws DomainError `CREDENTIALS_INVALID` when the user was disabled meanwhile
 */
export async function startSession(
  ctx: Context,
  user: { id: number },
  deviceId: string | null,
): Promise<string> {
  const token = generateToken();
  // Sharing the user's row makes whoever disables the user wait, and then find this session.
  const started = await ctx.db`
    with owner as (
      select id
      from users
      where id = ${user.id} and disabled_at is null
      for share
    )
    insert into sessions (user_id, family, token_hash, device_id, created_at, expires_at)
    select
      id, gen_random_uuid(), ${tokenHash(token)}, ${deviceId}, ${ctx.now},
      ${new Date(ctx.now.getTime() + LASTS)}
    from owner`;
  if (started.count === 0) refuse("CREDENTIALS_INVALID");
  return token;
}

/**
 * The session of a token.
 *
 * @throws DomainError `SESSION_TOKEN_INVALID`
 */
export async function getSession(
  ctx: LookupContext,
  token: string,
): Promise<Session> {
  const hash = tokenHash(token);
  const now = ctx.now.getTime();
  // What was read knows of every refresh before it, and one after it leaves the token good for the overlap. So it is
  // true for that long without being told, and is read anew in every such span.
  const key = `session ${Math.floor(now / OVERLAP)} ${Buffer.from(hash).toString("base64")}`;
  const session = await ctx.cache.getOrLoad(key, async () => {
    const [row] = await ctx.db<Session[]>`
      select s.id, s.user_id, s.family, s.device_id, s.expires_at, s.replaced_at, u.email
      from sessions s
      join users u on u.id = s.user_id
      where s.token_hash = ${hash} and s.revoked_at is null and u.disabled_at is null`;
    return row ? { value: row, invalidationTag: tagOf("user", row.userId) } : null;
  });
  if (!session || session.expiresAt.getTime() <= now) refuse("SESSION_TOKEN_INVALID");
  if (isSpent(ctx.now, session)) {
    await endReused(ctx, session);
    refuse("SESSION_TOKEN_INVALID");
  }
  return session;
}

/** Whether a token was exchanged for a newer one and its overlap is over. */
export function isSpent(now: Date, { replacedAt }: Pick<SessionRow, "replacedAt">): boolean {
  return replacedAt !== null && now.getTime() - replacedAt.getTime() > OVERLAP;
}

/** Ends a family of which a spent token was used: one of the two who have it is a thief, and nobody knows which. */
export async function endReused(
  ctx: LookupContext,
  session: Pick<Session, "family" | "userId" | "email">,
): Promise<void> {
  const actor = { kind: "user", id: session.userId, email: session.email } as const;
  await inTransaction({ ...ctx, actor }, async (ctx) => {
    if (await endFamily(ctx, session) === 0) return;
    await recordEvent(ctx, { type: "session.reused", subjectId: session.userId });
  });
}

/** Ends all that goes back to one sign-in; says how many tokens were still good. */
export async function endFamily(
  ctx: Pick<Context, "db" | "now">,
  { userId, family }: Pick<Session, "userId" | "family">,
): Promise<number> {
  const ended = await ctx.db`
    update sessions
    set revoked_at = ${ctx.now}
    where user_id = ${userId} and family = ${family} and revoked_at is null`;
  return ended.count;
}

/** Signs out: the token's whole family ends. One that is unknown or over is what the caller wants already. */
export async function endSession(ctx: Context, token: string): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const [session] = await ctx.db<Pick<Session, "family" | "userId" | "email">[]>`
      select s.family, s.user_id, u.email
      from sessions s
      join users u on u.id = s.user_id
      where s.token_hash = ${tokenHash(token)} and s.revoked_at is null`;
    if (!session || await endFamily(ctx, session) === 0) return;
    const actor = { kind: "user", id: session.userId, email: session.email } as const;
    await recordEvent({ ...ctx, actor }, { type: "user.signed_out", subjectId: session.userId });
  });
}

/** Ends every session of a user; says how many tokens were still good. */
export async function endSessionsOf(ctx: Context, userId: number): Promise<number> {
  const ended = await ctx.db`
    update sessions
    set revoked_at = ${ctx.now}
    where user_id = ${userId} and revoked_at is null`;
  return ended.count;
}

/**
 * Notes what an app says of its own state; a state that changed within a session is recorded.
 */
export async function noteState(ctx: Context, sessionId: number, stateHash: string): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const [changed] = await ctx.db<{ userId: number; before: string | null }[]>`
      with was as (
        select id, user_id, state_hash
        from sessions
        where id = ${sessionId} and state_hash is distinct from ${stateHash}
        for no key update
      )
      update sessions
      set state_hash = ${stateHash}
      from was
      where sessions.id = was.id
      returning was.user_id, was.state_hash as before`;
    if (changed?.before == null) return;
    await recordEvent(ctx, {
      type: "session.state_changed",
      subjectId: changed.userId,
      before: { stateHash: changed.before },
      after: { stateHash },
    });
  });
}

/**
 * Forgets sessions that ended more than a day ago.
 *
 * @returns how many sessions
 */
export async function forgetSessions(ctx: Context): Promise<number> {
  const forgotten = await ctx.db`
    delete from sessions
    where expires_at < ${ctx.now}::timestamptz - make_interval(days => ${KEPT_FOR})`;
  return forgotten.count;
}
