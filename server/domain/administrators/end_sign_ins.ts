// Ending everything that administrators are signed in with, after a restore: what was used up, ended or revoked since the
// backup is not known any more.
import type { Context } from "../context.ts";
import { stepAt } from "./totp.ts";

/**
 * Ends all sessions and access tokens of administrators, revokes open invitations and links, and uses up recovery codes
 * and the codes that authenticator apps show at this moment.
 *
 * @returns the number of sessions and access tokens that were valid
 */
export async function endAdministratorSignIns(ctx: Pick<Context, "db" | "now">): Promise<number> {
  const ended = await ctx.db`
    update administrator_sessions
    set ended_at = ${ctx.now}
    where ended_at is null and expires_at > ${ctx.now}`;
  await ctx.db`
    update administrator_invitations
    set revoked_at = ${ctx.now}
    where accepted_at is null and revoked_at is null`;
  await ctx.db`
    update administrator_password_links
    set processed_at = coalesce(processed_at, ${ctx.now}), token_hash = null, expires_at = null
    where used_at is null and (processed_at is null or token_hash is not null)`;
  await ctx.db`
    delete from administrator_setup_links`;
  await ctx.db`
    update administrator_recovery_codes
    set used_at = ${ctx.now}
    where used_at is null`;
  await ctx.db`
    delete from administrator_challenges`;
  await ctx.db`
    delete from administrator_provider_requests`;
  await ctx.db`
    delete from administrator_pending_sign_ins`;
  await ctx.db`
    update administrators
    set totp_step = greatest(totp_step, ${stepAt(ctx.now)}::bigint)
    where totp_secret is not null`;
  return ended.count;
}
