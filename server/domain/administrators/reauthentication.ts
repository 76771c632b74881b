// Re-authentication: sensitive actions require password or passkey of the last 15 minutes.
import { limitAttempts } from "../attempts/attempts.ts";
import { type Context, inTransaction } from "../context.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { type AdministratorActor, getAdministrator, requireAdministrator } from "./administrators.ts";
import { countFactors, recordSecondFactor } from "./factors.ts";
import { lockVerifiedAdministrator, requireLiveSession } from "./lock_administrator.ts";
import { consumeSecondFactorCode, isRecoveryCode } from "./second_factor.ts";
import { verifyCredentials } from "./sign_in.ts";

/**
 * Re-authenticates the actor with password and second factor. A code is asked for where the account has an authenticator
 * app, and where the session used a second factor and the account still owns one; a passkey replaces both. The session has
 * used the code from then on.
 *
 * @throws DomainError `SIGN_IN_FAILED`, `SECOND_FACTOR_REQUIRED`, `SIGN_IN_REQUIRED` when the session has ended,
 *   `RATE_LIMITED` after repeated failures
 */
export async function reauthenticate(
  ctx: Context,
  input: { password: string; code: string | null },
): Promise<void> {
  const me = requireAdministrator(ctx);
  const { email } = await getAdministrator(ctx, me.id);
  await limitAttempts(ctx, { kind: "administrator", email, isKnownHere: true }, async (attempt) => {
    const verified = await verifyCredentials(ctx, attempt, { email, password: input.password });
    await inTransaction(ctx, async (ctx) => {
      const row = await lockVerifiedAdministrator(ctx, verified);
      await requireLiveSession(ctx, row);
      const isCodeRequired = row.totpSince !== null || isRecoveryCode(input.code) ||
        Boolean(me.session?.secondFactor) && await countFactors(ctx, me.id) > 0;
      if (isCodeRequired) {
        await recordSecondFactor(ctx, me, await consumeSecondFactorCode(ctx, attempt, row, input.code));
      }
      await recordAuthentication(ctx, me);
    });
  });
  // The client repeats the sensitive action immediately, possibly before this process reads the change.
  ctx.cache.invalidate(tagOf("administrator", me.id));
}

/** Records that the actor has been authenticated in this session. API tokens stay unauthenticated. */
export async function recordAuthentication(ctx: Context, me: AdministratorActor): Promise<void> {
  await ctx.db`
    update administrator_sessions
    set authenticated_at = ${ctx.now}
    where id = ${me.session?.id ?? null} and kind = 'session'`;
}
