// Starting a session.
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { generateToken, tokenHash } from "../random_token.ts";
import type { LockedUser } from "./lock_user.ts";
import { SESSION_LIFETIME } from "./session.ts";

/**
 * Starts a session for an authenticated user.
 *
 * @returns the token, which is not stored
 * @throws DomainError `CREDENTIALS_INVALID` when the user is disabled
 */
export async function startSession(
  ctx: Context,
  user: LockedUser,
  deviceId: string | null,
): Promise<string> {
  if (user.disabledAt) refuse("CREDENTIALS_INVALID");
  const token = generateToken();
  await ctx.db`
    insert into sessions (user_id, sign_in_id, token_hash, device_id, created_at, expires_at)
    values (
      ${user.id}, gen_random_uuid(), ${tokenHash(token)}, ${deviceId}, ${ctx.now},
      ${new Date(ctx.now.getTime() + SESSION_LIFETIME)}
    )`;
  return token;
}
