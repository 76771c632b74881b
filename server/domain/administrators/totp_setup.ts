// Enabling and disabling the second factor of the actor.
import { requireRecentAuthentication } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { type AdministratorRow, requireAdministrator } from "./administrators.ts";
import { replaceRecoveryCodes } from "./recovery_codes.ts";
import { consumeSecondFactorCode } from "./second_factor.ts";
import { generateTotpSecret } from "./totp.ts";

/**
 * Starts enabling the second factor: stores a secret, which takes effect when a code confirms it.
 *
 * @returns the secret in base32, and the `otpauth` URL for a QR code
 * @throws DomainError `CONFLICT` when the second factor is enabled already
 */
export async function startTotpSetup(ctx: Context): Promise<{ secret: string; url: string }> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  const secret = generateTotpSecret(ctx);
  const [row] = await ctx.db<AdministratorRow[]>`
    update administrators
    set totp_secret = ${secret.encrypted}, totp_step = null, updated_at = ${ctx.now}
    where id = ${me.id} and totp_since is null
    returning *`;
  if (!row) refuse("CONFLICT", { reason: "second_factor_enabled" });
  return { secret: secret.base32, url: secret.urlFor(row.email) };
}

/**
 * Enables the second factor with a first code of the authenticator app.
 *
 * @returns recovery codes, which cannot be read again
 * @throws DomainError `SECOND_FACTOR_REQUIRED` when the code is wrong, `CONFLICT` when no setup was started
 */
export async function confirmTotpSetup(ctx: Context, code: string): Promise<string[]> {
  const me = requireAdministrator(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const row = await lockAdministrator(ctx, me.id);
    if (!row.totpSecret || row.totpSince) {
      refuse("CONFLICT", { reason: "second_factor_not_pending" });
    }
    await consumeSecondFactorCode(ctx, row, code);
    await ctx.db`
      update administrators
      set totp_since = ${ctx.now}, updated_at = ${ctx.now}
      where id = ${me.id}`;
    await recordEvent(ctx, {
      type: "administrator.second_factor_enabled",
      subjectId: me.id,
    });
    return replaceRecoveryCodes(ctx, me.id);
  });
}

/** Disables the second factor and deletes its recovery codes. */
export async function disableTotp(ctx: Context): Promise<void> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    await ctx.db`
      update administrators
      set totp_secret = null, totp_since = null, totp_step = null, updated_at = ${ctx.now}
      where id = ${me.id}`;
    await ctx.db`
      delete from administrator_recovery_codes
      where administrator_id = ${me.id}`;
    await recordEvent(ctx, {
      type: "administrator.second_factor_disabled",
      subjectId: me.id,
    });
  });
}

async function lockAdministrator(ctx: Context, id: number): Promise<AdministratorRow> {
  const [row] = await ctx.db<AdministratorRow[]>`
    select *
    from administrators
    where id = ${id}
    for update`;
  return row;
}
