// Forgotten passwords: a link by mail to choose a new one. A request inserts one row, whether or not an administrator has
// the address, so that neither the response nor its time reveals that; a job looks the administrator up and mails the link.
// The new password does not sign in: whoever reads the mail still needs the second factor of the account.
import { type Context, inTransaction } from "../context.ts";
import { foldEmail } from "../email_address.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import {
  LINK_LIFETIME,
  LINK_RETENTION,
  type ProcessedLinkRequests,
  processLinkRequests,
} from "../link_requests.ts";
import { greetingName, queueMail } from "../mail/queue.ts";
import { hashPassword } from "../passwords/password_hash.ts";
import { generateToken, tokenHash } from "../random_token.ts";
import { type Administrator, type AdministratorRow, getAdministrator } from "./administrators.ts";
import { replacePassword } from "./change_password.ts";
import { lockAdministrator, type LockedAdministrator } from "./lock_administrator.ts";
import { revokePasswordLinks } from "./revoke_password_links.ts";
import { maySignInWithoutProvider } from "./sign_in_policy.ts";

/** A row of `administrator_password_links`. */
export interface AdministratorPasswordLinkRow {
  id: number;
  email: string;
  requestedAt: Date;
  processedAt: Date | null;
  administratorId: number | null;
  tokenHash: Uint8Array | null;
  expiresAt: Date | null;
  usedAt: Date | null;
}

/**
 * Requests a link for the administrator of an address, if there is one who signs in with a password. A request for another
 * costs the same.
 */
export async function requestPasswordLink(ctx: Context, input: { email: string }): Promise<void> {
  await ctx.db`
    insert into administrator_password_links (email, requested_at, processed_at)
    values (
      ${foldEmail(input.email)}, ${ctx.now}, ${maySignInWithoutProvider(ctx, input.email) ? null : ctx.now}
    )`;
}

/**
 * Mails the requested links.
 *
 * @param publicUrl the address of the panel
 * @returns the number of links mailed, and of requests for which there is no password to choose
 */
export function sendRequestedPasswordLinks(ctx: Context, publicUrl: string): Promise<ProcessedLinkRequests> {
  return processLinkRequests(ctx, async (ctx) => {
    const [request] = await ctx.db<AdministratorPasswordLinkRow[]>`
      select *
      from administrator_password_links
      where processed_at is null
      order by id
      limit 1
      for update skip locked`;
    return request ? await processRequest(ctx, request, publicUrl) : null;
  });
}

async function processRequest(
  ctx: Context,
  request: AdministratorPasswordLinkRow,
  publicUrl: string,
): Promise<boolean> {
  const [found] = await ctx.db<Pick<AdministratorRow, "id">[]>`
    select id
    from administrators
    where lower(email) = ${request.email}`;
  const row = found ? await lockAdministrator(ctx, found.id) : null;
  const recipient = row && mayChoosePassword(ctx, row) ? row : null;
  const token = recipient && generateToken();
  const until = new Date(ctx.now.getTime() + LINK_LIFETIME);
  if (recipient) await revokePasswordLinks(ctx, recipient);
  await ctx.db`
    update administrator_password_links
    set
      processed_at = ${ctx.now}, administrator_id = ${recipient?.id ?? null},
      token_hash = ${token && tokenHash(token)}, expires_at = ${token && until}
    where id = ${request.id}`;
  if (!recipient || !token) return false;
  await queueMail(ctx, {
    kind: "administratorPasswordLink",
    to: recipient.email,
    values: { name: greetingName(recipient.name), link: `${publicUrl}/reset-password?token=${token}` },
    until,
  });
  await recordEvent(ctx, { type: "administrator.password_link_sent", subjectId: recipient.id });
  return true;
}

/** Whether the administrator signs in with a password: not when disabled, nor by the identity provider only. */
function mayChoosePassword(ctx: Context, row: LockedAdministrator): boolean {
  return row.disabledAt === null && row.passwordHash !== null && maySignInWithoutProvider(ctx, row.email);
}

/**
 * The administrator of a valid link, without using it.
 *
 * @throws DomainError `PASSWORD_LINK_INVALID`
 */
export async function getPasswordLink(
  ctx: Context,
  token: string,
): Promise<Pick<Administrator, "id" | "email" | "name">> {
  const [link] = await ctx.db<AdministratorPasswordLinkRow[]>`
    select *
    from administrator_password_links
    where token_hash = ${tokenHash(token)} and used_at is null and expires_at > ${ctx.now}`;
  if (!link?.administratorId) refuse("PASSWORD_LINK_INVALID");
  const { id, email, name } = await getAdministrator(ctx, link.administratorId);
  return { id, email, name };
}

/**
 * Chooses a new password with a link: all sessions and API tokens of the administrator end. It does not sign in. Of
 * concurrent uses one succeeds.
 *
 * @throws DomainError `PASSWORD_LINK_INVALID`, also when the administrator is disabled now; `INVALID_REQUEST` when the
 *   password is too short, too long or too easy to guess, which does not use the link up
 */
export async function resetPassword(ctx: Context, input: { token: string; password: string }): Promise<void> {
  const account = await getPasswordLink(ctx, input.token);
  const passwordHash = await hashPassword(input.password, account);
  const system: Context = { ...ctx, actor: { kind: "system", job: "password link" } };
  await inTransaction(system, async (ctx) => {
    const row = await lockAdministrator(ctx, account.id);
    const used = await ctx.db`
      update administrator_password_links
      set used_at = ${ctx.now}
      where token_hash = ${tokenHash(input.token)} and used_at is null and expires_at > ${ctx.now}`;
    if (used.count === 0 || !mayChoosePassword(ctx, row)) refuse("PASSWORD_LINK_INVALID");
    await replacePassword(ctx, row, { passwordHash, by: "link", exceptSession: null });
  });
}

/**
 * Replaces the password of an administrator. Only the system does, for the operator's command line.
 *
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `CONFLICT` when the administrator is disabled or has no password,
 *   `INVALID_REQUEST` when the password is too short, too long or too easy to guess
 */
export async function setPassword(
  ctx: Context,
  input: { email: string; password: string },
): Promise<Administrator> {
  if (ctx.actor.kind !== "system") refuse("FORBIDDEN");
  const [account] = await ctx.db<AdministratorRow[]>`
    select *
    from administrators
    where lower(email) = ${foldEmail(input.email)}`;
  if (!account) refuse("NOT_FOUND", { subject: "administrator", field: "email" });
  const passwordHash = await hashPassword(input.password, account);
  return await inTransaction(ctx, async (ctx) => {
    const row = await lockAdministrator(ctx, account.id);
    if (row.disabledAt) refuse("CONFLICT", { reason: "disabled", subject: "administrator" });
    if (row.passwordHash === null) refuse("CONFLICT", { reason: "no_password", subject: "administrator" });
    await replacePassword(ctx, row, { passwordHash, by: "command line", exceptSession: null });
    return getAdministrator(ctx, row.id);
  });
}

/**
 * Deletes links requested more than a week ago.
 *
 * @returns the number of links
 */
export async function deleteOldPasswordLinks(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from administrator_password_links
    where requested_at < ${ctx.now}::timestamptz - make_interval(days => ${LINK_RETENTION})`;
  return deleted.count;
}
