// Inviting administrators by mail. The link carries a random token, of which only the hash is kept; it opens once,
// within a week, and whoever follows it chooses the password.
import { randomBytes } from "node:crypto";
import { type Context, inTransaction } from "../context.ts";
import { requireRecentAuthentication, requireRole } from "../authorization.ts";
import type { Role } from "../actor.ts";
import { recordEvent } from "../events/record.ts";
import { queueMail } from "../mail/mail.ts";
import { refuse } from "../errors.ts";
import { createAdministrator } from "./manage.ts";
import { hashOf } from "./sessions.ts";
import { completeSignIn, type SignedIn } from "./sign_in.ts";

/** A row of `administrator_invitations`. */
export interface AdministratorInvitationRow {
  id: number;
  email: string;
  name: string;
  role: Role;
  tokenHash: Uint8Array;
  createdAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
}

export type Invitation = Pick<
  AdministratorInvitationRow,
  "id" | "email" | "name" | "role" | "createdAt" | "expiresAt"
>;

const VALID_FOR = 7 * 86_400_000;

/**
 * Invites somebody to become an administrator. An earlier invitation to the same address stops working.
 *
 * @param publicUrl where the panel is reached
 * @throws DomainError `CONFLICT` when an administrator has the address
 */
export async function inviteAdministrator(
  ctx: Context,
  input: { email: string; name: string; role: Role },
  publicUrl: string,
): Promise<Invitation> {
  requireRole(ctx, "owner");
  requireRecentAuthentication(ctx);
  const token = randomBytes(32).toString("base64url");
  const email = input.email.trim();
  return await inTransaction(ctx, async (ctx) => {
    const [taken] = await ctx.db`
      select 1
      from administrators
      where lower(email) = lower(${email})`;
    if (taken) {
      refuse("CONFLICT", { reason: "already_exists", subject: "administrator", field: "email" });
    }
    await ctx.db`
      update administrator_invitations
      set revoked_at = ${ctx.now}
      where lower(email) = lower(${email}) and accepted_at is null and revoked_at is null`;
    const [invitation] = await ctx.db<Invitation[]>`
      insert into administrator_invitations (email, name, role, token_hash, created_at, expires_at)
      values (
        ${email}, ${input.name}, ${input.role}, ${hashOf(token)}, ${ctx.now},
        ${new Date(ctx.now.getTime() + VALID_FOR)}
      )
      returning id, email, name, role, created_at, expires_at`;
    await queueMail(ctx, {
      to: email,
      subject: "You are invited to Latchkey",
      text: `Hello ${input.name},

you are invited to administer licenses on ${publicUrl} as ${input.role}.
Choose your password here within seven days:

${publicUrl}/invitation?token=${token}

If you did not expect this, do nothing: the link stops working by itself.
`,
      until: invitation.expiresAt,
    });
    await recordEvent(ctx, {
      type: "administrator.invited",
      subjectId: invitation.id,
      after: { email, name: input.name, role: input.role },
    });
    return invitation;
  });
}

/** Invitations that still open, the newest first. */
export async function listInvitations(ctx: Context): Promise<Invitation[]> {
  requireRole(ctx, "owner");
  return await ctx.db<Invitation[]>`
    select id, email, name, role, created_at, expires_at
    from administrator_invitations
    where accepted_at is null and revoked_at is null and expires_at > ${ctx.now}
    order by id desc`;
}

/**
 * Withdraws an invitation: its link opens nothing any more.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function revokeInvitation(ctx: Context, id: number): Promise<void> {
  requireRole(ctx, "owner");
  return await inTransaction(ctx, async (ctx) => {
    const [withdrawn] = await ctx.db<Invitation[]>`
      update administrator_invitations
      set revoked_at = ${ctx.now}
      where id = ${id} and accepted_at is null and revoked_at is null
      returning *`;
    if (!withdrawn) {
      refuse("NOT_FOUND", { subject: "invitation", field: "id" });
    }
    await recordEvent(ctx, {
      type: "administrator.invitation_revoked",
      subjectId: id,
      before: { email: withdrawn.email, role: withdrawn.role },
    });
  });
}

/**
 * The invitation a link leads to.
 *
 * @throws DomainError `INVITATION_INVALID`, with the reason, when it is unknown, used, withdrawn or too old
 */
export async function getInvitation(ctx: Context, token: string): Promise<Invitation> {
  const [found] = await ctx.db<AdministratorInvitationRow[]>`
    select *
    from administrator_invitations
    where token_hash = ${hashOf(token)}`;
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
 * Takes up an invitation: makes the administrator and signs them in.
 *
 * @throws DomainError `INVITATION_INVALID` when the link is unknown, used, withdrawn or too old
 */
export async function acceptInvitation(
  ctx: Context,
  input: { token: string; password: string; browser: string; ip: string | null },
): Promise<SignedIn> {
  return await inTransaction(ctx, async (ctx) => {
    const [invitation] = await ctx.db<AdministratorInvitationRow[]>`
      update administrator_invitations
      set accepted_at = ${ctx.now}
      where token_hash = ${hashOf(input.token)} and accepted_at is null and revoked_at is null
        and expires_at > ${ctx.now}
      returning *`;
    if (!invitation) refuse("INVITATION_INVALID");
    const { email, name, role } = invitation;
    const invited = { ...ctx, actor: { kind: "system", job: "invitation" } } as const;
    const { id } = await createAdministrator(invited, { email, name, role, password: input.password });
    return completeSignIn(ctx, id, { ...input, by: "invitation" });
  });
}
