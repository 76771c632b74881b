// Enabling and disabling the second factor of the actor.
import { requireRecentAuthentication } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { limitAttempts } from "../attempts/attempts.ts";
import { refuse } from "../errors.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { recordEvent } from "../events/record.ts";
import { getAdministrator, requireAdministrator } from "./administrators.ts";
import { recordSecondFactor, requireOwnFactor, requireRemainingFactor } from "./factors.ts";
import { lockActor } from "./lock_administrator.ts";
import { replaceRecoveryCodes } from "./recovery_codes.ts";
import { consumeSecondFactorCode } from "./second_factor.ts";
import { generateTotpSecret } from "./totp.ts";

/**
 * Starts enabling the second factor: stores a secret, which takes effect when a code confirms it.
 *
 * @returns the secret in base32, and the `otpauth` URL for a QR code
 * @throws DomainError `CONFLICT` when the second factor is enabled already, `SECOND_FACTOR_MISSING`
 */
export async function startTotpSetup(ctx: Context): Promise<{ secret: string; url: string }> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  const secret = generateTotpSecret(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const row = await lockActor(ctx);
    await requireOwnFactor(ctx, me);
    if (row.totpSince) refuse("CONFLICT", { reason: "second_factor_enabled" });
    await ctx.db`
      update administrators
      set totp_secret = ${secret.encrypted}, totp_step = null, updated_at = ${ctx.now}
      where id = ${row.id}`;
    return { secret: secret.base32, url: secret.urlFor(row.email) };
  });
}

/**
 * Enables the second factor with a first code of the authenticator app. The session has used it from then on.
 *
 * @returns recovery codes, which cannot be read again
 * @throws DomainError `SECOND_FACTOR_REQUIRED` when the code is wrong, `CONFLICT` when no setup was started,
 *   `SECOND_FACTOR_MISSING`
 */
export async function confirmTotpSetup(ctx: Context, code: string): Promise<string[]> {
  const me = requireAdministrator(ctx);
  const { email } = await getAdministrator(ctx, me.id);
  const codes = await limitAttempts(
    ctx,
    { kind: "administrator", email, isKnownHere: true },
    (attempt) =>
      inTransaction(ctx, async (ctx) => {
        const row = await lockActor(ctx);
        await requireOwnFactor(ctx, me);
        if (!row.totpSecret || row.totpSince) {
          refuse("CONFLICT", { reason: "second_factor_not_pending" });
        }
        await recordSecondFactor(ctx, me, await consumeSecondFactorCode(ctx, attempt, row, code));
        await ctx.db`
          update administrators
          set totp_since = ${ctx.now}, updated_at = ${ctx.now}
          where id = ${me.id}`;
        await recordEvent(ctx, {
          type: "administrator.second_factor_enabled",
          subjectId: me.id,
        });
        return replaceRecoveryCodes(ctx, row);
      }),
  );
  // The client goes on immediately, possibly before this process reads the change.
  ctx.cache.invalidate(tagOf("administrator", me.id));
  return codes;
}

/**
 * Disables the second factor and deletes its recovery codes.
 *
 * @throws DomainError `CONFLICT` when it is the last factor of the account while one is required
 */
export async function disableTotp(ctx: Context): Promise<void> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    await lockActor(ctx);
    await ctx.db`
      update administrators
      set totp_secret = null, totp_since = null, totp_step = null, updated_at = ${ctx.now}
      where id = ${me.id}`;
    await requireRemainingFactor(ctx, me);
    await ctx.db`
      delete from administrator_recovery_codes
      where administrator_id = ${me.id}`;
    await recordEvent(ctx, {
      type: "administrator.second_factor_disabled",
      subjectId: me.id,
    });
  });
}
