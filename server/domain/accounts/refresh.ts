// Exchanging a session's token for a new one, in one round trip. The old token stays good for a minute, for one app
// keeps it in two places; asked again with it within that minute, the answer is the same new token.
import type { Context } from "../context.ts";
import { refuse } from "../refusals.ts";
import { type Entitlement, entitlementOf, noteSign } from "./entitlements.ts";
import { endReused, isSpent, LASTS, type SessionRow } from "./sessions.ts";
import { generateToken, tokenHash } from "./tokens.ts";
import type { UserRow } from "./users.ts";

const PURPOSE = "session successor";

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
  isMade: boolean;
}

/**
 * Refreshes a session.
 *
 * @param deviceId as the app gives it; the session's own when not given
 * @throws Refusal `SESSION_TOKEN_INVALID`, and a token that is used after its overlap ends its family
 */
export async function refreshSession(
  ctx: Context,
  token: string,
  deviceId: string | null,
): Promise<Refreshed> {
  const successor = generateToken();
  const [row] = await ctx.db<(HeldRow & Entitlement)[]>`
    with held as (
      select
        s.id, s.user_id, s.family, coalesce(${deviceId}, s.device_id) as device_id, s.expires_at,
        s.replaced_at, s.successor, s.revoked_at, u.email, u.name, u.disabled_at
      from sessions s
      join users u on u.id = s.user_id
      where s.token_hash = ${tokenHash(token)}
      for no key update of s
    ),
    made as (
      insert into sessions (user_id, family, token_hash, device_id, created_at, expires_at)
      select
        user_id, family, ${tokenHash(successor)}, device_id, ${ctx.now},
        ${new Date(ctx.now.getTime() + LASTS)}
      from held
      where replaced_at is null and revoked_at is null and disabled_at is null and expires_at > ${ctx.now}
      returning user_id
    ),
    replaced as (
      update sessions
      set replaced_at = ${ctx.now}, successor = ${ctx.seal.close(PURPOSE, successor)}
      from held, made
      where sessions.id = held.id
    )
    select
      held.user_id, held.family, held.device_id, held.expires_at, held.replaced_at, held.successor,
      held.revoked_at, held.email, held.name, held.disabled_at, made.user_id is not null as is_made,
      entitlement.*
    from held
    left join made on true
    left join lateral (${
    entitlementOf(ctx, { user: ctx.db`held.user_id`, device: ctx.db`held.device_id` })
  }) entitlement on true`;
  if (!row || row.revokedAt || row.disabledAt || row.expiresAt <= ctx.now) refuse("SESSION_TOKEN_INVALID");
  if (isSpent(ctx.now, row)) {
    await endReused(ctx, row);
    refuse("SESSION_TOKEN_INVALID");
  }
  const entitlement = row.licenseId === null ? null : row;
  if (entitlement) noteSign(ctx, entitlement);
  return {
    user: { id: row.userId, email: row.email, name: row.name },
    sessionToken: row.isMade ? successor : new TextDecoder().decode(ctx.seal.open(PURPOSE, row.successor!)),
    deviceId: row.deviceId,
    entitlement,
  };
}
