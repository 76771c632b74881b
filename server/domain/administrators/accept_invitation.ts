// Accepting an invitation: the invited person chooses a password and is signed in.
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { tokenHash } from "../random_token.ts";
import { hashPassword } from "../passwords/password_hash.ts";
import { insertAdministrator } from "./create.ts";
import type { AdministratorInvitationRow, Invitation } from "./invitations.ts";
import { lockAdministrator } from "./lock_administrator.ts";
import { completeSignIn, type SignedIn } from "./sign_in.ts";
import { requireSignInWithoutProvider } from "./sign_in_policy.ts";

/**
 * Reads the invitation of a link.
 *
 * @throws DomainError `INVITATION_INVALID`, with the reason, when it is unknown, accepted, revoked or expired
 */
export async function getInvitation(ctx: Context, token: string): Promise<Omit<Invitation, "mailProblem">> {
  const [found] = await ctx.db<AdministratorInvitationRow[]>`
    select *
    from administrator_invitations
    where token_hash = ${tokenHash(token)}`;
  const reason = !found
    ? "unknown"
    : found.acceptedAt
    ? "accepted"
    : found.revokedAt
    ? "withdrawn"
    : found.expiresAt <= ctx.now
    ? "expired"
    : null;
  if (reason) refuse("INVITATION_INVALID", { reason });
  const { id, email, name, role, createdAt, expiresAt } = found;
  return { id, email, name, role, createdAt, expiresAt };
}

/**
 * Accepts an invitation: creates the administrator and signs in.
 *
 * @throws DomainError `INVITATION_INVALID` when the link is unknown, accepted, revoked or expired,
 *   `IDENTITY_PROVIDER_REQUIRED`
 */
export async function acceptInvitation(
  ctx: Context,
  input: { token: string; password: string; browser: string; ip: string | null },
): Promise<SignedIn> {
  const { email, name } = await getInvitation(ctx, input.token);
  requireSignInWithoutProvider(ctx, email);
  // The slow hash is computed before the transaction, so that it occupies no connection.
  const passwordHash = await hashPassword(input.password, { email, name });
  return await inTransaction(ctx, async (ctx) => {
    const [invitation] = await ctx.db<AdministratorInvitationRow[]>`
      update administrator_invitations
      set accepted_at = ${ctx.now}
      where token_hash = ${tokenHash(input.token)} and accepted_at is null and revoked_at is null
        and expires_at > ${ctx.now}
      returning *`;
    if (!invitation) refuse("INVITATION_INVALID");
    const invited = { ...ctx, actor: { kind: "system", job: "invitation" } } as const;
    const { id } = await insertAdministrator(invited, { email, name, role: invitation.role, passwordHash });
    return completeSignIn(ctx, await lockAdministrator(ctx, id), {
      ...input,
      by: "invitation",
      factors: { firstFactor: "password", secondFactor: null },
    });
  });
}
