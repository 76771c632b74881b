// Changing one's own password.
import { limitAttempts } from "../attempts/attempts.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { hashPassword } from "../passwords/password_hash.ts";
import { getAdministrator, requireAdministrator } from "./administrators.ts";
import { lockVerifiedAdministrator, requireLiveSession } from "./lock_administrator.ts";
import { endSessions } from "./sessions.ts";
import { verifyCredentials } from "./sign_in.ts";

/**
 * Changes the actor's password and ends all other sessions and API tokens.
 *
 * @throws DomainError `SIGN_IN_FAILED` when the old password is wrong, `SIGN_IN_REQUIRED` when the session has ended,
 *   `INVALID_REQUEST` when the new one is too short, too long or too easy to guess, `RATE_LIMITED` after repeated failures
 */
export async function changePassword(
  ctx: Context,
  input: { password: string; newPassword: string },
): Promise<void> {
  const me = requireAdministrator(ctx);
  const account = await getAdministrator(ctx, me.id);
  const { email } = account;
  const verified = await limitAttempts(
    ctx,
    { kind: "administrator", email, isKnownHere: true },
    (attempt) => verifyCredentials(ctx, attempt, { email, password: input.password }),
  );
  const passwordHash = await hashPassword(input.newPassword, account);
  await inTransaction(ctx, async (ctx) => {
    const row = await lockVerifiedAdministrator(ctx, verified);
    await requireLiveSession(ctx, row);
    await ctx.db`
      update administrators
      set password_hash = ${passwordHash}, updated_at = ${ctx.now}
      where id = ${me.id}`;
    await endSessions(ctx, row, { exceptId: me.session?.id ?? null });
    await recordEvent(ctx, { type: "administrator.password_changed", subjectId: me.id });
  });
}
