// Signing in with a password and, where it is enabled, a second factor. An unknown email address and a wrong password are
// indistinguishable by response and time.
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { verifyPassword } from "../passwords/password_hash.ts";
import { type Administrator, type AdministratorRow, getAdministrator } from "./administrators.ts";
import { consumeSecondFactorCode } from "./second_factor.ts";
import { createSession } from "./sessions.ts";

/** The result of a sign-in. */
export interface SignedIn {
  token: string;
  expiresAt: Date;
  administrator: Administrator;
}

/**
 * Signs in an administrator.
 *
 * @param input.code a code of the authenticator app, or a recovery code
 * @throws DomainError `SIGN_IN_FAILED`, `SECOND_FACTOR_REQUIRED` when the code is missing or wrong
 */
export async function signIn(
  ctx: Context,
  input: { email: string; password: string; code: string | null; browser: string; ip: string | null },
): Promise<SignedIn> {
  const found = await verifyCredentials(ctx, input.email, input.password);
  return inTransaction(ctx, async (ctx) => {
    if (found.totpSince) await consumeSecondFactorCode(ctx, found, input.code);
    return completeSignIn(ctx, found.id, {
      ...input,
      by: found.totpSince ? "password and code" : "password",
    });
  });
}

/** Creates the session of an administrator who has been authenticated, and records the sign-in. */
export async function completeSignIn(
  ctx: Context,
  id: number,
  more: { browser: string; ip: string | null; by: string },
): Promise<SignedIn> {
  const { token, session } = await createSession(ctx, id, { name: more.browser, ip: more.ip });
  await ctx.db`
    update administrators
    set last_seen_at = ${ctx.now}
    where id = ${id}`;
  const administrator = await getAdministrator(ctx, id);
  const actor = { kind: "administrator", id, name: administrator.name, role: administrator.role } as const;
  await recordEvent({ ...ctx, actor }, {
    type: "administrator.signed_in",
    subjectId: id,
    after: { by: more.by, ip: more.ip, browser: more.browser },
  });
  return { token, expiresAt: session.expiresAt, administrator };
}

/**
 * Reads the enabled administrator with an email address and password.
 *
 * @throws DomainError `SIGN_IN_FAILED`
 */
export async function verifyCredentials(
  ctx: Context,
  email: string,
  password: string,
): Promise<AdministratorRow> {
  const [found] = await ctx.db<AdministratorRow[]>`
    select *
    from administrators
    where lower(email) = lower(${email.trim()}) and disabled_at is null`;
  const right = await verifyPassword(found?.passwordHash ?? null, password);
  return right ? found : refuse("SIGN_IN_FAILED");
}
