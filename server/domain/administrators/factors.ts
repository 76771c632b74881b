// The second factors of an administrator: which the account owns, which the session used, and what a session without one
// may do. A passkey with user verification is two factors at once (Web Authentication Level 3, section 6.2.3; NIST
// SP 800-63B-4, multi-factor cryptographic authentication).
import type { SecondFactor } from "../actor.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { AdministratorActor } from "./administrators.ts";

/** Counts the authenticator app and the passkeys of an administrator. Recovery codes replace a factor and are none. */
export async function countFactors(ctx: Context, id: number): Promise<number> {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select (
      (a.totp_since is not null)::integer
      + (select count(*) from administrator_passkeys p where p.administrator_id = a.id)
    )::integer as count
    from administrators a
    where a.id = ${id}`;
  return count;
}

/**
 * Requires that the actor may change the factors of the account, whose row is locked. While a second factor is required,
 * a session without one may set up the first factor of the account and no other: else the password alone would be enough
 * to add one (NIST SP 800-63B-4, section 4.1.2, binding at the highest level available).
 *
 * @throws DomainError `SECOND_FACTOR_MISSING`
 */
export async function requireOwnFactor(ctx: Context, me: AdministratorActor): Promise<void> {
  if (!ctx.settings.requireSecondFactor || me.session?.secondFactor) return;
  if (await countFactors(ctx, me.id) > 0) refuse("SECOND_FACTOR_MISSING", { reason: "not_used" });
}

/**
 * Requires that a factor remains after one was removed, while a second factor is required.
 *
 * @throws DomainError `CONFLICT`
 */
export async function requireRemainingFactor(ctx: Context, me: AdministratorActor): Promise<void> {
  if (!ctx.settings.requireSecondFactor) return;
  if (await countFactors(ctx, me.id) === 0) refuse("CONFLICT", { reason: "last_second_factor" });
}

/** Records that a second factor was used in the actor's session. An access token keeps the factors it was made with. */
export async function recordSecondFactor(
  ctx: Context,
  me: AdministratorActor,
  factor: SecondFactor,
): Promise<void> {
  await ctx.db`
    update administrator_sessions
    set second_factor = ${factor}, second_factor_at = ${ctx.now}
    where id = ${me.session?.id ?? null} and kind = 'session'`;
}
