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
  if (!session || session.expiresAt.getTime() <= now) refuse("SESSION_TOKEN_INVALID");
  if (isReused(ctx.now, session)) {
    await revokeReusedSessions(ctx, session);
    refuse("SESSION_TOKEN_INVALID");
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
  if (!live) refuse("SESSION_TOKEN_INVALID");
}
