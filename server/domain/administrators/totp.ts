// Time-based one-time passwords (RFC 6238): the secret of an administrator and the check of a code.
import { Secret, TOTP } from "otpauth";
import type { Context } from "../context.ts";
import type { LockedAdministrator } from "./lock_administrator.ts";

/** The purpose that secrets are encrypted for. */
export const PURPOSE = "second factors";
/** Seconds that a code is valid. */
const PERIOD = 30;

/**
 * Generates a secret.
 *
 * @returns the encrypted secret to store, and the forms that an authenticator app reads
 */
export function generateTotpSecret(ctx: Context) {
  const secret = new Secret({ size: 20 });
  const bytes = new Uint8Array(secret.buffer);
  return {
    encrypted: ctx.cipher.encrypt(PURPOSE, bytes),
    base32: secret.base32,
    urlFor: (email: string) => totpOf(bytes, email).toString(),
  };
}

function totpOf(secret: Uint8Array, label: string): TOTP {
  return new TOTP({
    issuer: "Latchkey",
    label,
    algorithm: "SHA1",
    digits: 6,
    period: PERIOD,
    secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
  });
}

/**
 * Checks a code and marks its time step as used, in one statement: a code is accepted once. Codes of the previous and the
 * next step are accepted too, because clocks differ.
 */
export async function consumeTotpCode(
  ctx: Context,
  row: LockedAdministrator,
  code: string,
): Promise<boolean> {
  const totp = totpOf(ctx.cipher.decrypt(PURPOSE, row.totpSecret!), row.email);
  const delta = totp.validate({ token: code, timestamp: ctx.now.getTime(), window: 1 });
  if (delta === null) return false;
  const step = stepAt(ctx.now) + delta;
  const consumed = await ctx.db`
    update administrators
    set totp_step = ${step}
    where id = ${row.id} and (totp_step is null or totp_step < ${step})`;
  return consumed.count > 0;
}

/** The number of the time step of an instant (RFC 6238, section 4.2). */
export function stepAt(instant: Date): number {
  return Math.floor(instant.getTime() / 1000 / PERIOD);
}
