// Changing one's own password.
import { limitAttempts } from "../attempts/attempts.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { writeInstant } from "../mail/local_time.ts";
import { greetingName, queueMail } from "../mail/queue.ts";
import { findTimeZone } from "../mail/reader_time_zone.ts";
import { hashPassword } from "../passwords/password_hash.ts";
import { getAdministrator, requireAdministrator } from "./administrators.ts";
import {
  type LockedAdministrator,
  lockVerifiedAdministrator,
  requireLiveSession,
} from "./lock_administrator.ts";
import { revokePasswordLinks } from "./revoke_password_links.ts";
import { endSessions } from "./sessions.ts";
import { verifyCredentials } from "./sign_in.ts";

/**
 * Changes the actor's password and ends all other sessions and API tokens.
 *
 * @throws DomainError `SIGN_IN_FAILED` when the old password is wrong, `SIGN_IN_REQUIRED` when the session has ended,
 *   `INVALID_REQUEST` when the new one is too short, too long or too easy to guess, `RATE_LIMITED` after repeated failures
 */
export async function changePassword(
  ctx: Context,
  input: { password: string; newPassword: string },
): Promise<void> {
  const me = requireAdministrator(ctx);
  const account = await getAdministrator(ctx, me.id);
  const { email } = account;
  const verified = await limitAttempts(
    ctx,
    { kind: "administrator", email, isKnownHere: true },
    (attempt) => verifyCredentials(ctx, attempt, { email, password: input.password }),
  );
  const passwordHash = await hashPassword(input.newPassword, account);
  await inTransaction(ctx, async (ctx) => {
    const row = await lockVerifiedAdministrator(ctx, verified);
    await requireLiveSession(ctx, row);
    await replacePassword(ctx, row, { passwordHash, by: "password", exceptSession: me.session?.id ?? null });
  });
}

/**
 * Replaces the password of an administrator: all sessions and API tokens but one end, links to choose a password are void,
 * and the administrator is told by mail.
 *
 * @param change.by what permitted it: the old password, a link sent by mail, or the operator's command line
 */
export async function replacePassword(
  ctx: Context,
  row: LockedAdministrator,
  change: { passwordHash: string; by: "password" | "link" | "command line"; exceptSession: number | null },
): Promise<void> {
  await ctx.db`
    update administrators
    set password_hash = ${change.passwordHash}, updated_at = ${ctx.now}
    where id = ${row.id}`;
  await endSessions(ctx, row, { exceptId: change.exceptSession });
  await revokePasswordLinks(ctx, row);
  await recordEvent(ctx, {
    type: "administrator.password_changed",
    subjectId: row.id,
    after: { by: change.by },
  });
  await queueMail(ctx, {
    kind: "administratorPasswordChanged",
    to: row.email,
    values: {
      name: greetingName(row.name),
      at: writeInstant(ctx.now, await findTimeZone(ctx, row.id)),
      means: means[change.by],
    },
  });
}

const means = {
  password: "with the old password",
  link: "with a link that was sent to this address",
  "command line": "by the operator of the server, on its command line",
};
