// Authentication by the token of an administrator's session or API token.
import { Buffer } from "node:buffer";
import type { Db } from "../../../db/connect.ts";
import type { AdministratorSession, Role } from "../actor.ts";
import type { LookupContext } from "../context.ts";
import { includesRole } from "../authorization.ts";
import { refuse } from "../errors.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { tokenHash } from "../random_token.ts";
import type { AdministratorActor } from "./administrators.ts";
import { type AdministratorSessionRow, idleSince } from "./sessions.ts";

/** `last_seen_at` of a session is updated at most this often; milliseconds. */
const LAST_SEEN_INTERVAL = 5 * 60_000;

/** A session that has not ended, with what its administrator may do. It may be expired. */
type OpenSession = AdministratorSessionRow & {
  administratorName: string;
  role: Role;
  ownsSecondFactor: boolean;
};

/**
 * The administrator of a session or API token.
 *
 * @throws DomainError `SIGN_IN_REQUIRED` when the token is unknown, ended or expired, or its session was idle for 3 days
 */
export async function getAdministratorActor(
  ctx: LookupContext,
  token: string,
): Promise<AdministratorActor> {
  const hash = tokenHash(token);
  const session = await findOpenSession(
    ctx,
    Buffer.from(hash).toString("base64"),
    ctx.db`s.token_hash = ${hash}`,
  );
  if (!session) return await refuseSession(ctx, hash);
  if (ctx.now.getTime() - session.lastSeenAt.getTime() > LAST_SEEN_INTERVAL) {
    if (!await recordUse(ctx, session)) refuse("SIGN_IN_REQUIRED");
    session.lastSeenAt = ctx.now;
  }
  return actorOf(session, session);
}

/**
 * Records that a session is used, unless it was idle for too long. The database decides that, because another process may
 * have seen the session later than this one.
 */
async function recordUse(ctx: LookupContext, session: OpenSession): Promise<boolean> {
  // The administrator's row is locked before the session's, as by everything that ends sessions.
  const used = await ctx.db`
    with seen as (
      update administrators
      set last_seen_at = ${ctx.now}
      where id = ${session.administratorId}
        and exists (
          select
          from administrator_sessions
          where id = ${session.id} and (kind = 'token' or last_seen_at > ${idleSince(ctx.now)})
        )
      returning id
    )
    update administrator_sessions
    set last_seen_at = ${ctx.now}
    from seen
    where administrator_sessions.id = ${session.id}`;
  return used.count > 0;
}

/**
 * The administrator of the session with an id, as a token for statistics stands for it: with the role viewer, and never
 * recently authenticated.
 *
 * @param grantedTo the administrator's role when the token was made
 * @throws DomainError `SIGN_IN_REQUIRED` when the session has ended or expired, or the administrator has a lower role now
 */
export async function getStatisticsReader(
  ctx: LookupContext,
  sessionId: number,
  grantedTo: Role,
): Promise<AdministratorActor> {
  const session = await findOpenSession(ctx, String(sessionId), ctx.db`s.id = ${sessionId}`);
  if (!session || !includesRole(session.role, grantedTo)) refuse("SIGN_IN_REQUIRED");
  return actorOf(session, { role: "viewer", kind: "token" });
}

/**
 * Tells the token of a session that has ended from one that never was.
 *
 * @throws DomainError `SIGN_IN_REQUIRED`
 */
async function refuseSession(ctx: LookupContext, hash: Uint8Array): Promise<never> {
  const [ended] = await ctx.db`
    select 1
    from administrator_sessions
    where token_hash = ${hash}`;
  return refuse("SIGN_IN_REQUIRED", ended ? { reason: "ended" } : {});
}

async function findOpenSession(
  ctx: LookupContext,
  name: string,
  condition: ReturnType<Db>,
): Promise<OpenSession | null> {
  const session = await ctx.cache.getOrLoad(`administrator session ${name}`, async () => {
    const [row] = await ctx.db<OpenSession[]>`
      select s.*, a.name as administrator_name, a.role,
        a.totp_since is not null
          or exists (select from administrator_passkeys p where p.administrator_id = a.id) as owns_second_factor
      from administrator_sessions s
      join administrators a on a.id = s.administrator_id
      where ${condition} and s.ended_at is null and a.disabled_at is null`;
    return row ? { value: row, invalidationTag: tagOf("administrator", row.administratorId) } : null;
  });
  return session && session.expiresAt > ctx.now ? session : null;
}

function actorOf(
  session: OpenSession,
  { role, kind }: Pick<AdministratorActor, "role"> & Pick<AdministratorSession, "kind">,
): AdministratorActor {
  const { id, administratorId, administratorName, authenticatedAt } = session;
  const { firstFactor, secondFactor, ownsSecondFactor } = session;
  return {
    kind: "administrator",
    id: administratorId,
    name: administratorName,
    role,
    session: { id, kind, authenticatedAt, firstFactor, secondFactor, ownsSecondFactor },
  };
}
