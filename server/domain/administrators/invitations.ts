// Inviting administrators by email. The link contains a random token of which the hash is stored; it is valid once, for a
// week.
import { randomBytes } from "node:crypto";
import { type Context, inTransaction } from "../context.ts";
import { requireAtLeast, requireRecentOwner, requireRole } from "../authorization.ts";
import type { Role } from "../actor.ts";
import { foldEmail, storedEmail } from "../email_address.ts";
import { recordEvent } from "../events/record.ts";
import { writeInstant } from "../mail/local_time.ts";
import { mailProblem } from "../mail/failed_mails.ts";
import { cancelMails } from "../mail/mail.ts";
import { greetingName, queueMail } from "../mail/queue.ts";
import { refuse } from "../errors.ts";
import { defaultSettings } from "../settings/schema.ts";
import { tokenHash } from "../random_token.ts";
import { lockActor, type LockedAdministrator } from "./lock_administrator.ts";

/** A row of `administrator_invitations`. */
export interface AdministratorInvitationRow {
  id: number;
  invitedBy: number | null;
  email: string;
  name: string;
  role: Role;
  tokenHash: Uint8Array;
  createdAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
}

export type Invitation =
  & Pick<AdministratorInvitationRow, "id" | "email" | "name" | "role" | "createdAt" | "expiresAt">
  & {
    /** What the mail server said when the last mail to the address was given up; null when it was sent. */
    mailProblem: string | null;
  };

const roleNames: Record<Role, string> = { viewer: "Viewer", manager: "Manager", owner: "Owner" };

/** What a person is invited to: the vendor's name, and that of this program where the vendor's is known. */
function teamOf({ settings }: Pick<Context, "settings">): string {
  const { mailBrand } = settings;
  return mailBrand === defaultSettings.mailBrand ? mailBrand : `${mailBrand} on ${defaultSettings.mailBrand}`;
}

/** Milliseconds. */
const LIFETIME = 7 * 86_400_000;

/**
 * Invites a person to become an administrator. An earlier invitation to the same address is revoked.
 *
 * @param publicUrl the address of the panel
 * @throws DomainError `CONFLICT` when an administrator has the email address
 */
export async function inviteAdministrator(
  ctx: Context,
  input: { email: string; name: string; role: Role },
  publicUrl: string,
): Promise<Invitation> {
  requireRecentOwner(ctx);
  const token = randomBytes(32).toString("base64url");
  const email = storedEmail(input.email);
  return await inTransaction(ctx, async (ctx) => {
    // An owner who is disabled at the same moment does not invite any more.
    const invitedBy = ctx.actor.kind === "administrator" ? await lockActor(ctx) : null;
    if (invitedBy) requireAtLeast(invitedBy, "owner");
    const [existing] = await ctx.db`
      select 1
      from administrators
      where lower(email) = ${foldEmail(email)}`;
    if (existing) {
      refuse("CONFLICT", { reason: "already_exists", subject: "administrator", field: "email" });
    }
    await ctx.db`
      update administrator_invitations
      set revoked_at = ${ctx.now}
      where lower(email) = ${foldEmail(email)} and accepted_at is null and revoked_at is null`;
    const [invitation] = await ctx.db<Invitation[]>`
      insert into administrator_invitations (invited_by, email, name, role, token_hash, created_at, expires_at)
      values (
        ${invitedBy?.id ?? null}, ${email}, ${input.name}, ${input.role}, ${tokenHash(token)}, ${ctx.now},
        ${new Date(ctx.now.getTime() + LIFETIME)}
      )
      returning id, email, name, role, created_at, expires_at, null as mail_problem`;
    await queueMail(ctx, {
      kind: "administratorInvitation",
      to: email,
      values: {
        name: greetingName(input.name),
        inviter: invitedBy?.name ?? "An owner",
        team: teamOf(ctx),
        role: roleNames[input.role],
        link: `${publicUrl}/invitation?token=${token}`,
        // Where the person is, is not known.
        expiresAt: writeInstant(invitation.expiresAt, null),
      },
      until: invitation.expiresAt,
      about: { invitationId: invitation.id },
    });
    await recordEvent(ctx, {
      type: "administrator.invited",
      subjectId: invitation.id,
      after: { email, name: input.name, role: input.role },
    });
    return invitation;
  });
}

/** Revokes the open invitations of an owner who has lost the right to invite. */
export async function revokeInvitationsBy(ctx: Context, administrator: LockedAdministrator): Promise<void> {
  const revoked = await ctx.db<AdministratorInvitationRow[]>`
    update administrator_invitations
    set revoked_at = ${ctx.now}
    where invited_by = ${administrator.id} and accepted_at is null and revoked_at is null
    returning *`;
  for (const invitation of revoked) await recordRevocation(ctx, invitation);
}

/** Pending invitations, the newest first. */
export async function listInvitations(ctx: Context): Promise<Invitation[]> {
  requireRole(ctx, "owner");
  return await ctx.db<Invitation[]>`
    select id, email, name, role, created_at, expires_at,
      ${mailProblem(ctx, ctx.db`administrator_invitations.email`)} as mail_problem
    from administrator_invitations
    where accepted_at is null and revoked_at is null and expires_at > ${ctx.now}
    order by id desc`;
}

/**
 * Revokes a pending invitation.
 *
 * @throws DomainError `NOT_FOUND`, `REAUTHENTICATION_REQUIRED`
 */
export async function revokeInvitation(ctx: Context, id: number): Promise<void> {
  requireRecentOwner(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const [revoked] = await ctx.db<AdministratorInvitationRow[]>`
      update administrator_invitations
      set revoked_at = ${ctx.now}
      where id = ${id} and accepted_at is null and revoked_at is null
      returning *`;
    if (!revoked) {
      refuse("NOT_FOUND", { subject: "invitation", field: "id" });
    }
    await recordRevocation(ctx, revoked);
  });
}

async function recordRevocation(ctx: Context, revoked: AdministratorInvitationRow): Promise<void> {
  await recordEvent(ctx, {
    type: "administrator.invitation_revoked",
    subjectId: revoked.id,
    before: { email: revoked.email, role: revoked.role },
  });
  await cancelMails(ctx, ctx.db`invitation_id = ${revoked.id}`, "the invitation was revoked");
}

/**
 * Deletes invitations that expired before the retention setting.
 *
 * @returns the number of deleted rows
 */
export async function deleteOldInvitations(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from administrator_invitations
    where expires_at < ${ctx.now}::timestamptz - make_interval(days => ${ctx.settings.keepSessionsFor})`;
  return deleted.count;
}
