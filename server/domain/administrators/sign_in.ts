// Signing in with a password and, where it is enabled, a second factor. An unknown email address and a wrong password are
// indistinguishable by response and time.
import { type Attempt, limitAttempts } from "../attempts/attempts.ts";
import { type Context, inTransaction } from "../context.ts";
import { foldEmail } from "../email_address.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { verifyPassword } from "../passwords/password_hash.ts";
import { type Administrator, type AdministratorRow, getAdministrator } from "./administrators.ts";
import {
  type LockedAdministrator,
  lockVerifiedAdministrator,
  type VerifiedPassword,
} from "./lock_administrator.ts";
import { consumeSecondFactorCode, isRecoveryCode } from "./second_factor.ts";
import { createSession, type UsedFactors } from "./sessions.ts";
import { maySignInWithoutProvider } from "./sign_in_policy.ts";
import { browserWithoutVersion } from "../events/notifications/sources.ts";
import { truncate } from "../text.ts";

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
 * @throws DomainError `SIGN_IN_FAILED`, `SECOND_FACTOR_REQUIRED` when the code is missing or wrong, `RATE_LIMITED` after
 *   repeated failures
 */
export async function signIn(
  ctx: Context,
  input: { email: string; password: string; code: string | null; browser: string; ip: string | null },
): Promise<SignedIn> {
  const { email } = input;
  const isKnownHere = await isKnownNetwork(ctx, email);
  return await limitAttempts(ctx, { kind: "administrator", email, isKnownHere }, async (attempt) => {
    const verified = await verifyCredentials(ctx, attempt, input);
    return await inTransaction(ctx, async (ctx) => {
      const row = await lockVerifiedAdministrator(ctx, verified);
      const secondFactor = row.totpSince || isRecoveryCode(input.code)
        ? await consumeSecondFactorCode(ctx, attempt, row, input.code)
        : null;
      return completeSignIn(ctx, row, {
        ...input,
        by: secondFactor ? "password and code" : "password",
        factors: { firstFactor: "password", secondFactor },
      });
    });
  });
}

/** Whether the administrator of an email address has signed in from the caller's network, as far as sessions are kept. */
async function isKnownNetwork(ctx: Context, email: string): Promise<boolean> {
  if (!ctx.attempts || ctx.address === undefined) return false;
  const [known] = await ctx.db`
    select 1
    from administrator_sessions s
    join administrators a on a.id = s.administrator_id
    where lower(a.email) = ${foldEmail(email)} and s.kind = 'session' and s.ip = ${ctx.address}
    limit 1`;
  return known !== undefined;
}

/** Creates the session of an administrator who has been authenticated, and records the sign-in. */
export async function completeSignIn(
  ctx: Context,
  row: LockedAdministrator,
  more: {
    browser: string;
    ip: string | null;
    by: string;
    factors: UsedFactors;
    authenticatedAt?: Date;
    idToken?: string;
  },
): Promise<SignedIn> {
  const { id } = row;
  const { browser: name, ip, factors, authenticatedAt, idToken } = more;
  const isNewBrowser = await isUnknownBrowser(ctx, id, name);
  const { token, session } = await createSession(ctx, row, { name, ip, factors, authenticatedAt, idToken });
  await ctx.db`
    update administrators
    set last_seen_at = ${ctx.now}
    where id = ${id}`;
  const administrator = await getAdministrator(ctx, id);
  const actor = { kind: "administrator", id, name: administrator.name, role: administrator.role } as const;
  await recordEvent({ ...ctx, actor }, {
    type: "administrator.signed_in",
    subjectId: id,
    after: { by: more.by, ip: more.ip, browser: more.browser, isNewBrowser },
  });
  return { token, expiresAt: session.expiresAt, administrator };
}

/** Whether an administrator has signed in before, but never with this browser, as far as sessions are kept. */
async function isUnknownBrowser(ctx: Context, administratorId: number, browser: string): Promise<boolean> {
  const rows = await ctx.db<{ name: string }[]>`
    select distinct name
    from administrator_sessions
    where administrator_id = ${administratorId} and kind = 'session'`;
  const known = browserWithoutVersion(truncate(browser, 255));
  return rows.length > 0 && !rows.some(({ name }) => browserWithoutVersion(name) === known);
}

/**
 * Verifies the email address and password of an enabled administrator. While the identity provider is required, the
 * passwords of all but one owner are wrong, by response and time.
 *
 * @throws DomainError `SIGN_IN_FAILED`
 */
export async function verifyCredentials(
  ctx: Context,
  attempt: Attempt,
  { email, password }: { email: string; password: string },
): Promise<VerifiedPassword> {
  const [found] = await ctx.db<AdministratorRow[]>`
    select *
    from administrators
    where lower(email) = ${foldEmail(email)} and disabled_at is null`;
  const passwordHash = maySignInWithoutProvider(ctx, email) ? found?.passwordHash ?? null : null;
  const right = await verifyPassword(attempt, passwordHash, password);
  return right && passwordHash !== null ? { id: found.id, passwordHash } : refuse("SIGN_IN_FAILED");
}
