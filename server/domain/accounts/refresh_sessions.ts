// Exchanging tokens of sessions for new ones, many at a time in one round trip. An old token stays good for a minute,
// for one app keeps it in two places; asked again with it within that minute, the answer is the same new token.
import { Buffer } from "node:buffer";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { type Entitlement, recordDeviceHeartbeat, selectEntitlement } from "../entitlements/entitlement.ts";
import { endReused, isSpent, LASTS, type SessionRow } from "./sessions.ts";
import { generateToken, tokenHash } from "../random_token.ts";
import type { UserRow } from "./users.ts";

const PURPOSE = "session successor";

export interface RefreshRequest {
  token: string;
  /** As the app gives it; the session's own when not given. */
  deviceId: string | null;
}

export interface Refreshed {
  user: Pick<UserRow, "id" | "email" | "name">;
  sessionToken: string;
  deviceId: string | null;
  entitlement: Entitlement | null;
}

interface HeldRow extends
  Pick<
    SessionRow,
    "userId" | "family" | "deviceId" | "expiresAt" | "replacedAt" | "successor" | "revokedAt"
  >,
  Pick<UserRow, "email" | "name" | "disabledAt"> {
  token: string;
  isMade: boolean;
}

/**
 * Refreshes a session.
 *
 * @throws DomainError `SESSION_OVER`, and a token that is used after its overlap ends its family
 */
export async function refreshSession(
  ctx: Context,
  token: string,
  deviceId: string | null,
): Promise<Refreshed> {
  const [refreshed] = await refreshSessions(ctx, [{ token, deviceId }]);
  return refreshed ?? refuse("SESSION_OVER");
}

/**
 * Refreshes sessions.
 *
 * @returns for each request in order what came of it; null where the token is unknown or over
 */
export async function refreshSessions(
  ctx: Context,
  requests: RefreshRequest[],
): Promise<(Refreshed | null)[]> {
  const asked = new Map<string, RefreshRequest & { successor: string }>();
  const hashes = requests.map((request) => {
    const hash = hex(request.token);
    if (!asked.has(hash)) asked.set(hash, { ...request, successor: generateToken() });
    return hash;
  });
  const rows = await exchange(ctx, asked);
  const found = new Map(rows.map((row) => [row.token, row]));
  return await Promise.all(hashes.map((hash) => {
    const row = found.get(hash);
    return row ? conclude(ctx, row, asked.get(hash)!.successor) : null;
  }));
}

async function exchange(
  ctx: Context,
  asked: Map<string, RefreshRequest & { successor: string }>,
): Promise<(HeldRow & Entitlement)[]> {
  const each = [...asked.values()];
  // Locked in the order of ids, so that two servers with the same tokens never wait for each other.
  return await ctx.db<(HeldRow & Entitlement)[]>`
    with asked as (
      select decode(token, 'hex') as token, device_id, decode(made, 'hex') as made, decode(sealed, 'hex') as sealed
      from unnest(
        ${[...asked.keys()]}::text[],
        ${each.map(({ deviceId }) => deviceId)}::text[],
        ${each.map(({ successor }) => hex(successor))}::text[],
        ${
    each.map(({ successor }) => Buffer.from(ctx.cipher.encrypt(PURPOSE, successor)).toString("hex"))
  }::text[]
      ) as asked (token, device_id, made, sealed)
    ),
    held as (
      select
        s.id, s.token_hash, s.user_id, s.family, coalesce(asked.device_id, s.device_id) as device_id,
        s.expires_at, s.replaced_at, s.successor, s.revoked_at, u.email, u.name, u.disabled_at,
        asked.made, asked.sealed
      from asked
      join sessions s on s.token_hash = asked.token
      join users u on u.id = s.user_id
      order by s.id
      for no key update of s
    ),
    made as (
      insert into sessions (user_id, family, token_hash, device_id, created_at, expires_at)
      select user_id, family, made, device_id, ${ctx.now}, ${new Date(ctx.now.getTime() + LASTS)}
      from held
      where replaced_at is null and revoked_at is null and disabled_at is null and expires_at > ${ctx.now}
      returning token_hash
    ),
    replaced as (
      update sessions
      set replaced_at = ${ctx.now}, successor = held.sealed
      from held
      join made on made.token_hash = held.made
      where sessions.id = held.id
    )
    select
      encode(held.token_hash, 'hex') as token, held.user_id, held.family, held.device_id, held.expires_at,
      held.replaced_at, held.successor, held.revoked_at, held.email, held.name, held.disabled_at,
      made.token_hash is not null as is_made, entitlement.*
    from held
    left join made on made.token_hash = held.made
    left join lateral (${
    selectEntitlement(ctx, { userId: ctx.db`held.user_id`, deviceId: ctx.db`held.device_id` })
  }) entitlement on true`;
}

async function conclude(
  ctx: Context,
  row: HeldRow & Entitlement,
  successor: string,
): Promise<Refreshed | null> {
  if (row.revokedAt || row.disabledAt || row.expiresAt <= ctx.now) return null;
  if (isSpent(ctx.now, row)) {
    await endReused(ctx, row);
    return null;
  }
  const entitlement = row.licenseId === null ? null : row;
  if (entitlement) recordDeviceHeartbeat(ctx, entitlement);
  return {
    user: { id: row.userId, email: row.email, name: row.name },
    sessionToken: row.isMade
      ? successor
      : new TextDecoder().decode(ctx.cipher.decrypt(PURPOSE, row.successor!)),
    deviceId: row.deviceId,
    entitlement,
  };
}

function hex(token: string): string {
  return Buffer.from(tokenHash(token)).toString("hex");
}
