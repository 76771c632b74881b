// Signing in with a password and, where it is switched on, a code. An unknown address and a wrong password are refused
// alike, in words and in time.
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import {
  type Administrator,
  type AdministratorActor,
  type AdministratorRow,
  getAdministrator,
  requireAdministrator,
} from "./administrator.ts";
import { hashPassword, verifyPassword } from "../passwords/password_hash.ts";
import { openSession } from "./sessions.ts";
import { takeCode } from "./second_factor.ts";

export interface SignedIn {
  token: string;
  expiresAt: Date;
  administrator: Administrator;
}

/**
 * Signs an administrator in.
 *
 * @param input.code of the authenticator app, or a recovery code
 * @throws DomainError `SIGN_IN_FAILED`, `SECOND_FACTOR_REQUIRED` when a code is asked for
 */
export async function signIn(
  ctx: Context,
  input: { email: string; password: string; code: string | null; browser: string; ip: string | null },
): Promise<SignedIn> {
  const found = await provePassword(ctx, input.email, input.password);
  return inTransaction(ctx, async (ctx) => {
    if (found.totpSince) await takeCode(ctx, found, input.code);
    return completeSignIn(ctx, found.id, {
      ...input,
      by: found.totpSince ? "password and code" : "password",
    });
  });
}

/** Opens the session of somebody who has proved who they are, and records it. */
export async function completeSignIn(
  ctx: Context,
  id: number,
  more: { browser: string; ip: string | null; by: string },
): Promise<SignedIn> {
  const { token, session } = await openSession(ctx, id, { name: more.browser, ip: more.ip });
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
 * Shows again who the caller is, for dangerous things.
 *
 * @throws DomainError `SIGN_IN_FAILED`, `SECOND_FACTOR_REQUIRED`
 */
export async function proveAgain(
  ctx: Context,
  input: { password: string; code: string | null },
): Promise<void> {
  const me = requireAdministrator(ctx);
  const { email } = await getAdministrator(ctx, me.id);
  const found = await provePassword(ctx, email, input.password);
  await inTransaction(ctx, async (ctx) => {
    if (found.totpSince) await takeCode(ctx, found, input.code);
    await renewProof(ctx, me);
  });
  // What wanted the proof is repeated at once, sooner than the database's notice arrives.
  ctx.cache.invalidate(tagOf("administrator", me.id));
}

/** Notes that the caller has just shown who they are; a script's token never has. */
export async function renewProof(ctx: Context, me: AdministratorActor): Promise<void> {
  await ctx.db`
    update administrator_sessions
    set authenticated_at = ${ctx.now}
    where id = ${me.session?.id ?? null} and kind = 'session'`;
}

/**
 * Changes the caller's own password. Everywhere else they are signed out.
 *
 * @throws DomainError `SIGN_IN_FAILED` when the old one is wrong
 */
export async function changePassword(
  ctx: Context,
  input: { password: string; newPassword: string },
): Promise<void> {
  const me = requireAdministrator(ctx);
  const { email } = await getAdministrator(ctx, me.id);
  await provePassword(ctx, email, input.password);
  const passwordHash = await hashPassword(input.newPassword);
  await inTransaction(ctx, async (ctx) => {
    await ctx.db`
      update administrators
      set password_hash = ${passwordHash}, updated_at = ${ctx.now}
      where id = ${me.id}`;
    await ctx.db`
      update administrator_sessions
      set ended_at = ${ctx.now}
      where administrator_id = ${me.id} and ended_at is null and id is distinct from ${
      me.session?.id ?? null
    }`;
    await recordEvent(ctx, { type: "administrator.password_changed", subjectId: me.id });
  });
}

async function provePassword(ctx: Context, email: string, password: string): Promise<AdministratorRow> {
  const [found] = await ctx.db<AdministratorRow[]>`
    select *
    from administrators
    where lower(email) = lower(${email.trim()}) and disabled_at is null`;
  const right = await verifyPassword(found?.passwordHash ?? null, password);
  return right ? found : refuse("SIGN_IN_FAILED");
}
