// Sessions and API tokens of administrators. Both are random tokens of which the database contains the hash.
import { randomBytes } from "node:crypto";
import type { FirstFactor, SecondFactor } from "../actor.ts";
import { MILLISECONDS_PER_DAY } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { tokenHash } from "../random_token.ts";
import { requireAdministrator } from "./administrators.ts";
import { lockActor, lockAdministrator, type LockedAdministrator } from "./lock_administrator.ts";
import { truncate } from "../text.ts";

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
  firstFactor: FirstFactor;
  secondFactor: SecondFactor | null;
  secondFactorAt: Date | null;
  /** The ID token of the identity provider, encrypted, for signing out there. */
  idToken: Uint8Array | null;
  expiresAt: Date;
  endedAt: Date | null;
}

/** A session or API token without its hash. */
export type ListedSession =
  & Omit<
    AdministratorSessionRow,
    "tokenHash" | "administratorId" | "endedAt" | "firstFactor" | "secondFactorAt" | "idToken"
  >
  & { isThis: boolean };

/** The purpose that ID tokens are encrypted for. */
export const ID_TOKEN_PURPOSE = "ID token";
const SESSION_DAYS = 14;
/** A session that is not used for so long has ended; an API token has not. */
const MAX_IDLE_DAYS = 3;

/** Sessions that were used before this instant have ended. */
export function idleSince(now: Date): Date {
  return new Date(now.getTime() - MAX_IDLE_DAYS * MILLISECONDS_PER_DAY);
}

/** The factors an administrator was authenticated with. */
export interface UsedFactors {
  firstFactor: FirstFactor;
  secondFactor: SecondFactor | null;
}

/**
 * Creates a session or API token of an administrator who has been authenticated.
 *
 * @param options.factors what was used; a password alone where it is left out
 * @param options.authenticatedAt when a credential was entered; now where it is left out
 * @param options.idToken of the identity provider
 * @throws DomainError `SIGN_IN_FAILED` when the administrator is disabled
 */
export async function createSession(
  ctx: Context,
  administrator: LockedAdministrator,
  options: {
    kind?: "session" | "token";
    name: string;
    ip: string | null;
    days?: number;
    factors?: UsedFactors;
    authenticatedAt?: Date;
    idToken?: string;
  },
): Promise<{ token: string; session: AdministratorSessionRow }> {
  if (administrator.disabledAt) refuse("SIGN_IN_FAILED");
  const { firstFactor, secondFactor } = options.factors ?? { firstFactor: "password", secondFactor: null };
  const token = `lka_${randomBytes(32).toString("base64url")}`;
  const expiresAt = new Date(ctx.now.getTime() + (options.days ?? SESSION_DAYS) * MILLISECONDS_PER_DAY);
  const [session] = await ctx.db<AdministratorSessionRow[]>`
    insert into administrator_sessions (
      administrator_id, token_hash, kind, name, ip, created_at, last_seen_at, authenticated_at,
      first_factor, second_factor, second_factor_at, id_token, expires_at
    ) values (
      ${administrator.id}, ${tokenHash(token)}, ${options.kind ?? "session"}, ${
    truncate(options.name, 255)
  }, ${options.ip},
      ${ctx.now}, ${ctx.now}, ${options.authenticatedAt ?? ctx.now},
      ${firstFactor}, ${secondFactor}, ${secondFactor && ctx.now},
      ${options.idToken ? ctx.cipher.encrypt(ID_TOKEN_PURPOSE, options.idToken) : null}, ${expiresAt}
    )
    returning *`;
  return { token, session };
}

/** The ID token that the actor's session was opened with; null for other sessions. */
export async function findIdToken(ctx: Context): Promise<string | null> {
  const { session } = requireAdministrator(ctx);
  const [row] = await ctx.db<Pick<AdministratorSessionRow, "idToken">[]>`
    select id_token
    from administrator_sessions
    where id = ${session?.id ?? null}`;
  return row?.idToken ? new TextDecoder().decode(ctx.cipher.decrypt(ID_TOKEN_PURPOSE, row.idToken)) : null;
}

/** The actor's own sessions and API tokens that have not ended or expired: the current one first, then the last used. */
export async function listSessions(ctx: Context): Promise<ListedSession[]> {
  const me = requireAdministrator(ctx);
  return await ctx.db<ListedSession[]>`
    select id, kind, name, ip, created_at, last_seen_at, authenticated_at, second_factor, expires_at,
      id = ${me.session?.id ?? null} as is_this
    from administrator_sessions
    where administrator_id = ${me.id}
      and ended_at is null
      and expires_at > ${ctx.now}
      and (kind = 'token' or last_seen_at > ${idleSince(ctx.now)})
    order by is_this desc, last_seen_at desc, id desc`;
}

/**
 * Ends sessions and API tokens of an administrator: one, or all except one.
 *
 * @returns those that had not ended before
 */
export async function endSessions(
  ctx: Pick<Context, "db" | "now">,
  administrator: LockedAdministrator,
  which: { id: number } | { exceptId: number | null; kind?: "session" },
): Promise<AdministratorSessionRow[]> {
  const selected = "id" in which
    ? ctx.db`id = ${which.id}`
    : ctx.db`id is distinct from ${which.exceptId} and (${which.kind ?? null}::text is null or kind = ${
      which.kind ?? null
    })`;
  return await ctx.db<AdministratorSessionRow[]>`
    update administrator_sessions
    set ended_at = ${ctx.now}
    where administrator_id = ${administrator.id} and ended_at is null and ${selected}
    returning *`;
}

/**
 * Ends one of the actor's own sessions or API tokens: in this process before it returns, in others within a second.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function endSession(ctx: Context, id: number): Promise<void> {
  const me = requireAdministrator(ctx);
  await inTransaction(ctx, async (ctx) => {
    const ended = await endSessions(ctx, await lockAdministrator(ctx, me.id), { id });
    if (ended.length === 0) refuse("NOT_FOUND", { subject: "session", field: "id" });
    await recordEnded(ctx, ended);
  });
}

async function recordEnded(ctx: Context, sessions: AdministratorSessionRow[]): Promise<void> {
  for (const { administratorId, name, kind } of sessions) {
    await recordEvent(ctx, {
      type: "administrator.signed_out",
      subjectId: administratorId,
      before: { session: name, kind },
    });
  }
}

/**
 * Ends all sessions of the actor except the current one. API tokens stay valid.
 *
 * @returns the number of ended sessions
 */
export async function endOtherSessions(ctx: Context): Promise<number> {
  const { session } = requireAdministrator(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const me = await lockActor(ctx);
    const ended = await endSessions(ctx, me, { exceptId: session?.id ?? null, kind: "session" });
    await recordEnded(ctx, ended);
    return ended.filter(({ expiresAt }) => expiresAt > ctx.now).length;
  });
}

/**
 * Deletes sessions that expired before the retention setting.
 *
 * @returns the number of deleted sessions
 */
export async function deleteExpiredSessions(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from administrator_sessions
    where expires_at < ${ctx.now}::timestamptz - make_interval(days => ${ctx.settings.keepSessionsFor})`;
  return deleted.count;
}

/**
 * Corrects sessions from before the database's clock was put back: an authentication that is ahead would count as recent for
 * longer.
 */
export async function correctSessionsAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update administrator_sessions
    set
      last_seen_at = least(last_seen_at, ${ctx.now}), authenticated_at = least(authenticated_at, ${ctx.now}),
      second_factor_at = least(second_factor_at, ${ctx.now})
    where greatest(last_seen_at, authenticated_at, second_factor_at) > ${ctx.now}`;
}
