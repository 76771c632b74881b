// Authenticating a request by its session token.
import { Buffer } from "node:buffer";
import type { Context, LookupContext } from "../context.ts";
import { refuse } from "../errors.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { revokeReusedSessions } from "./end_sessions.ts";
import { tokenHash } from "../random_token.ts";
import { isReused, REPLACEMENT_OVERLAP, type Session } from "./session.ts";

/**
 * The session of a token.
 *
 * @throws DomainError `SESSION_TOKEN_INVALID`
 */
export async function getSession(ctx: LookupContext, token: string): Promise<Session> {
  const hash = tokenHash(token);
  const now = ctx.now.getTime();
  // A refresh invalidates no cache entry: the token stays valid for the overlap anyway. The key changes once per
  // overlap, so that the replacement is read in time.
  const key = `session ${Math.floor(now / REPLACEMENT_OVERLAP)} ${Buffer.from(hash).toString("base64")}`;
  const session = await ctx.cache.getOrLoad(key, async () => {
    const [row] = await ctx.db<Session[]>`
      select s.id, s.user_id, s.sign_in_id, s.device_id, s.expires_at, s.replaced_at, u.email
      from sessions s
      join users u on u.id = s.user_id
      where s.token_hash = ${hash} and s.revoked_at is null and u.disabled_at is null`;
    return row ? { value: row, invalidationTag: tagOf("user", row.userId) } : null;
  });
  if (!session || session.expiresAt.getTime() <= now) return await refuseSession(ctx, hash);
  if (isReused(ctx.now, session)) {
    await revokeReusedSessions(ctx, session);
    refuse("SESSION_TOKEN_INVALID", { reason: "ended" });
  }
  return session;
}

/**
 * Requires that the session which the actor calls with has not ended since it was read. The user has to be locked.
 *
 * @throws DomainError `SESSION_TOKEN_INVALID`
 */
export async function requireLiveSession({ db, actor }: Context): Promise<void> {
  if (actor.kind !== "user" || !actor.session) return;
  const [live] = await db`
    select 1
    from sessions
    where id = ${actor.session.id} and revoked_at is null`;
  if (!live) refuse("SESSION_TOKEN_INVALID", { reason: "ended" });
}

/**
 * Tells the token of a session that has ended from one that never was.
 *
 * @throws DomainError `SESSION_TOKEN_INVALID`
 */
async function refuseSession(ctx: LookupContext, hash: Uint8Array): Promise<never> {
  const [ended] = await ctx.db`
    select 1
    from sessions
    where token_hash = ${hash}`;
  return refuse("SESSION_TOKEN_INVALID", ended ? { reason: "ended" } : {});
}
