// Starting a session.
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { generateToken, tokenHash } from "../random_token.ts";
import { SESSION_LIFETIME } from "./session.ts";

/**
 * Starts a session for an authenticated user.
 *
 * @returns the token, which is not stored
 * @throws DomainError `CREDENTIALS_INVALID` when the user was disabled meanwhile
 */
export async function startSession(
  ctx: Context,
  user: { id: number },
  deviceId: string | null,
): Promise<string> {
  const token = generateToken();
  // The share lock makes a concurrent disabling of the user wait, which then revokes this session too.
  const inserted = await ctx.db`
    with owner as (
      select id
      from users
      where id = ${user.id} and disabled_at is null
      for share
    )
    insert into sessions (user_id, sign_in_id, token_hash, device_id, created_at, expires_at)
    select
      id, gen_random_uuid(), ${tokenHash(token)}, ${deviceId}, ${ctx.now},
      ${new Date(ctx.now.getTime() + SESSION_LIFETIME)}
    from owner`;
  if (inserted.count === 0) refuse("CREDENTIALS_INVALID");
  return token;
}
