// Where administrators are signed in. A session is known by a random token, of which only the hash is kept; it ends by
// itself, by signing out, or by its owner's hand from elsewhere.
import { createHash, randomBytes } from "node:crypto";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { type Context, inTransaction, type LookupContext } from "../context.ts";
import { requireRecentAuthentication } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { type AdministratorActor, requireAdministrator } from "./administrator.ts";

/** A row of `administrator_sessions`. */
export interface AdministratorSessionRow {
  id: number;
  administratorId: number;
  tokenHash: Uint8Array;
  kind: "session" | "token";
  name: string;
  ip: string | null;
  createdAt: Date;
  lastSeenAt: Date;
  authenticatedAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
}

/** A session as its owner may see it. */
export type ListedSession =
  & Omit<AdministratorSessionRow, "tokenHash" | "administratorId" | "endedAt">
  & { isThis: boolean };

const DAY = 86_400_000;
const SESSION_DAYS = 14;
/** A session's last sign is written this often at most; milliseconds. */
const SEEN_EVERY = 5 * 60_000;

export function hashOf(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

/** Opens a session for somebody who has shown who they are. */
export async function openSession(
  ctx: Context,
  administratorId: number,
  more: { kind?: "session" | "token"; name: string; ip: string | null; days?: number },
): Promise<{ token: string; session: AdministratorSessionRow }> {
  const token = `lka_${randomBytes(32).toString("base64url")}`;
  const expiresAt = new Date(ctx.now.getTime() + (more.days ?? SESSION_DAYS) * DAY);
  const [session] = await ctx.db<AdministratorSessionRow[]>`
    insert into administrator_sessions (
      administrator_id, token_hash, kind, name, ip, created_at, last_seen_at, authenticated_at, expires_at
    ) values (
      ${administratorId}, ${hashOf(token)}, ${more.kind ?? "session"}, ${more.name.slice(0, 255)}, ${more.ip},
      ${ctx.now}, ${ctx.now}, ${ctx.now}, ${expiresAt}
    )
    returning *`;
  return { token, session };
}

/**
 * Who calls with this token.
 *
 * @throws DomainError `SIGN_IN_REQUIRED` when it is unknown, over or ended
 */
export async function getAdministratorActor(
  ctx: LookupContext,
  token: string,
): Promise<AdministratorActor> {
  const hash = hashOf(token);
  const known = await ctx.cache.getOrLoad(`administrator session ${hash.toString()}`, async () => {
    const [row] = await ctx.db<
      (AdministratorSessionRow & Pick<AdministratorActor, "role"> & {
        who: string;
        hasSecondFactor: boolean;
      })[]
    >`
      select s.*, a.name as who, a.role,
        a.totp_since is not null
          or exists (select from administrator_passkeys p where p.administrator_id = a.id) as has_second_factor
      from administrator_sessions s
      join administrators a on a.id = s.administrator_id
      where s.token_hash = ${hash} and s.ended_at is null and a.disabled_at is null`;
    return row ? { value: row, invalidationTag: tagOf("administrator", row.administratorId) } : null;
  });
  if (!known || known.expiresAt <= ctx.now) refuse("SIGN_IN_REQUIRED");
  if (ctx.now.getTime() - known.lastSeenAt.getTime() > SEEN_EVERY) {
    known.lastSeenAt = ctx.now;
    await ctx.db`
      with seen as (
        update administrator_sessions
        set last_seen_at = ${ctx.now}
        where id = ${known.id}
        returning administrator_id
      )
      update administrators
      set last_seen_at = ${ctx.now}
      from seen
      where id = seen.administrator_id`;
  }
  return {
    kind: "administrator",
    id: known.administratorId,
    name: known.who,
    role: known.role,
    session: {
      id: known.id,
      kind: known.kind,
      authenticatedAt: known.authenticatedAt,
      hasSecondFactor: known.hasSecondFactor,
    },
  };
}

/** The caller's own sessions and tokens that still open something, the last seen first. */
export async function listSessions(ctx: Context): Promise<ListedSession[]> {
  const me = requireAdministrator(ctx);
  return await ctx.db<ListedSession[]>`
    select id, kind, name, ip, created_at, last_seen_at, authenticated_at, expires_at,
      id = ${me.session?.id ?? null} as is_this
    from administrator_sessions
    where administrator_id = ${me.id} and ended_at is null and expires_at > ${ctx.now}
    order by is_this desc, last_seen_at desc, id desc`;
}

/**
 * Ends one of the caller's own sessions or tokens; refused by every process within a second.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function endSession(ctx: Context, id: number): Promise<void> {
  const me = requireAdministrator(ctx);
  await inTransaction(ctx, async (ctx) => {
    const [ended] = await ctx.db<AdministratorSessionRow[]>`
      update administrator_sessions
      set ended_at = ${ctx.now}
      where id = ${id} and administrator_id = ${me.id} and ended_at is null
      returning *`;
    if (!ended) {
      refuse("NOT_FOUND", { subject: "session", field: "id" });
    }
    await recordEvent(ctx, {
      type: "administrator.signed_out",
      subjectId: me.id,
      before: { session: ended.name, kind: ended.kind },
    });
  });
  // The next request of this process may come before the notification does.
}

/** Ends every session of the caller's but the one that asks; says how many. */
export async function endOtherSessions(ctx: Context): Promise<number> {
  const me = requireAdministrator(ctx);
  const others = (await listSessions(ctx)).filter(({ isThis, kind }) => !isThis && kind === "session");
  await inTransaction(ctx, async (ctx) => {
    for (const { id } of others) await endSession({ ...ctx, actor: me }, id);
  });
  return others.length;
}

/**
 * Makes a named token for a script, with the caller's own rights.
 *
 * @returns the token: the only time it is seen
 */
export async function createToken(
  ctx: Context,
  input: { name: string; days: number },
): Promise<{ token: string; id: number; expiresAt: Date }> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const { token, session } = await openSession(ctx, me.id, { ...input, kind: "token", ip: null });
    await recordEvent(ctx, {
      type: "administrator.token_created",
      subjectId: me.id,
      after: { name: input.name, expiresAt: session.expiresAt },
    });
    return { token, id: session.id, expiresAt: session.expiresAt };
  });
}

/** Forgets sessions that have been over for 30 days; says how many. */
export async function forgetSessions(ctx: Context): Promise<number> {
  const forgotten = await ctx.db`
    delete from administrator_sessions
    where expires_at < ${new Date(ctx.now.getTime() - 30 * DAY)}`;
  return forgotten.count;
}
