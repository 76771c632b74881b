// Refreshing sessions: a token is replaced by a new one, many in one statement. The old token stays valid for the
// overlap, because an app may store it twice; a refresh repeated within it gets the same new token.
import { Buffer } from "node:buffer";
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { type Entitlement, recordDeviceHeartbeat, selectEntitlement } from "../entitlements/entitlement.ts";
import { revokeReusedSessions } from "./end_sessions.ts";
import { isReused, SESSION_LIFETIME, type SessionRow } from "./session.ts";
import { generateToken, tokenHash } from "../random_token.ts";
import type { UserRow } from "./users.ts";

/** The cipher's purpose for the token of the replacing session. */
export const CIPHER_PURPOSE = "session successor";

export interface RefreshRequest {
  token: string;
  /** By default the session's. */
  deviceId: string | null;
}

export interface RefreshedSession {
  user: Pick<UserRow, "id" | "email" | "name">;
  sessionToken: string;
  deviceId: string | null;
  entitlement: Entitlement | null;
}

/** A session to refresh, its row locked. */
interface LockedSession extends
  Pick<
    SessionRow,
    "userId" | "signInId" | "deviceId" | "expiresAt" | "replacedAt" | "successor" | "revokedAt"
  >,
  Pick<UserRow, "email" | "name" | "disabledAt"> {
  token: string;
  isReplaced: boolean;
}

/**
 * Refreshes a session.
 *
 * @throws DomainError `SESSION_EXPIRED`; a token used after the overlap revokes the sessions of its sign-in
 */
export async function refreshSession(
  ctx: Context,
  { token, deviceId }: { token: string; deviceId: string | null },
): Promise<RefreshedSession> {
  const [refreshed] = await refreshSessions(ctx, [{ token, deviceId }]);
  return refreshed ?? refuse("SESSION_EXPIRED");
}

/**
 * Refreshes sessions.
 *
 * @returns a result for each request, in order; null when the token is unknown, expired or revoked
 */
export async function refreshSessions(
  ctx: Context,
  requests: RefreshRequest[],
): Promise<(RefreshedSession | null)[]> {
  const unique = new Map<string, RefreshRequest & { successor: string }>();
  const hashes = requests.map((request) => {
    const hash = hex(request.token);
    if (!unique.has(hash)) unique.set(hash, { ...request, successor: generateToken() });
    return hash;
  });
  const rows = await replaceSessions(ctx, unique);
  const found = new Map(rows.map((row) => [row.token, row]));
  return await Promise.all(hashes.map((hash) => {
    const row = found.get(hash);
    return row ? toRefreshedSession(ctx, row, unique.get(hash)!.successor) : null;
  }));
}

async function replaceSessions(
  ctx: Context,
  requests: Map<string, RefreshRequest & { successor: string }>,
): Promise<(LockedSession & Entitlement)[]> {
  const each = [...requests.values()];
  const tokens = [...requests.keys()];
  const deviceIds = each.map(({ deviceId }) => deviceId);
  const newHashes = each.map(({ successor }) => hex(successor));
  const successors = each.map(({ successor }) =>
    Buffer.from(ctx.cipher.encrypt(CIPHER_PURPOSE, successor)).toString("hex")
  );
  const expiresAt = new Date(ctx.now.getTime() + SESSION_LIFETIME);
  const entitlement = selectEntitlement(ctx, {
    userId: ctx.db`locked.user_id`,
    deviceId: ctx.db`locked.device_id`,
    day: ctx.db`${dayOf(ctx.now)}::date`,
  });
  // First the users are locked, as by everything that ends sessions, then their sessions; both in the order of ids, so
  // that two processes with the same tokens do not deadlock. A row that changed meanwhile is read again when it is locked.
  return await ctx.db<(LockedSession & Entitlement)[]>`
    with requested as (
      select decode(token, 'hex') as token, device_id, decode(new_hash, 'hex') as new_hash,
        decode(successor, 'hex') as successor
      from unnest(
        ${tokens}::text[], ${deviceIds}::text[], ${newHashes}::text[], ${successors}::text[]
      ) as request (token, device_id, new_hash, successor)
    ),
    users_locked as materialized (
      select id, email, name, disabled_at
      from users
      where id in (select user_id from sessions where token_hash = any(array(select token from requested)))
      order by id
      for no key update
    ),
    locked as (
      select
        s.id, s.token_hash, s.user_id, s.sign_in_id, coalesce(requested.device_id, s.device_id) as device_id,
        s.expires_at, s.replaced_at, s.successor, s.revoked_at, u.email, u.name, u.disabled_at,
        requested.new_hash, requested.successor as new_successor
      from requested
      join sessions s on s.token_hash = requested.token
      join users_locked u on u.id = s.user_id
      order by s.id
      for no key update of s
    ),
    inserted as (
      insert into sessions (user_id, sign_in_id, token_hash, device_id, created_at, expires_at)
      select user_id, sign_in_id, new_hash, device_id, ${ctx.now}, ${expiresAt}
      from locked
      where replaced_at is null and revoked_at is null and disabled_at is null and expires_at > ${ctx.now}
      returning token_hash
    ),
    replaced as (
      update sessions
      set replaced_at = ${ctx.now}, successor = locked.new_successor
      from locked
      join inserted on inserted.token_hash = locked.new_hash
      where sessions.id = locked.id
    )
    select
      encode(locked.token_hash, 'hex') as token, locked.user_id, locked.sign_in_id, locked.device_id, locked.expires_at,
      locked.replaced_at, locked.successor, locked.revoked_at, locked.email, locked.name, locked.disabled_at,
      inserted.token_hash is not null as is_replaced, entitlement.*
    from locked
    left join inserted on inserted.token_hash = locked.new_hash
    left join lateral (${entitlement}) entitlement on true`;
}

async function toRefreshedSession(
  ctx: Context,
  row: LockedSession & Entitlement,
  successor: string,
): Promise<RefreshedSession | null> {
  if (row.revokedAt || row.disabledAt || row.expiresAt <= ctx.now) return null;
  if (isReused(ctx.now, row)) {
    await revokeReusedSessions(ctx, row);
    return null;
  }
  const entitlement = row.licenseId === null ? null : row;
  if (entitlement) recordDeviceHeartbeat(ctx, entitlement);
  return {
    user: { id: row.userId, email: row.email, name: row.name },
    sessionToken: row.isReplaced
      ? successor
      : new TextDecoder().decode(ctx.cipher.decrypt(CIPHER_PURPOSE, row.successor!)),
    deviceId: row.deviceId,
    entitlement,
  };
}

function hex(token: string): string {
  return Buffer.from(tokenHash(token)).toString("hex");
}
