// Emailed links to sign in, to register and to set a password. A request inserts one row, whether or not the address is
// known, so that neither the response nor its time reveals that; a job looks the user up and mails the link.
import type { Context } from "../context.ts";
import {
  LINK_LIFETIME,
  LINK_RETENTION,
  type ProcessedLinkRequests,
  processLinkRequests,
} from "../link_requests.ts";
import { greetingName, queueMail } from "../mail/queue.ts";
import { refuse } from "../errors.ts";
import { generateToken, tokenHash } from "../random_token.ts";
import { foldEmail } from "../email_address.ts";
import { type LockedUser, lockUser } from "./lock_user.ts";
import { findUserByEmail } from "./users.ts";

export type LinkPurpose = "sign_in" | "register" | "password";

/** A row of `email_links`. */
export interface EmailLinkRow {
  id: number;
  purpose: LinkPurpose;
  email: string;
  name: string | null;
  requestedAt: Date;
  processedAt: Date | null;
  userId: number | null;
  tokenHash: Uint8Array | null;
  expiresAt: Date | null;
  usedAt: Date | null;
  traceparent: string | null;
}

/** The response to every request for a sign-in link. */
export const LINK_REQUESTED_MESSAGE =
  "If this address has an account, a sign-in link has been sent. It expires in one hour.";

/** Requests a link. */
export async function requestLink(
  ctx: Context,
  input: { purpose: LinkPurpose; email: string; name?: string },
): Promise<void> {
  await ctx.db`
    insert into email_links (purpose, email, name, requested_at, traceparent)
    values (
      ${input.purpose}, ${foldEmail(input.email)}, ${input.name ?? null}, ${ctx.now}, ${
    ctx.traceparent ?? null
  }
    )`;
}

/**
 * Mails the requested links.
 *
 * @param publicUrl the address of the account pages
 * @returns the number of links mailed, and of requests for unknown or disabled users
 */
export function sendRequestedLinks(ctx: Context, publicUrl: string): Promise<ProcessedLinkRequests> {
  return processLinkRequests(ctx, async (ctx) => {
    const [request] = await ctx.db<EmailLinkRow[]>`
      select *
      from email_links
      where processed_at is null
      order by id
      limit 1
      for update skip locked`;
    return request ? await processRequest(ctx, request, publicUrl) : null;
  });
}

async function processRequest(job: Context, request: EmailLinkRow, publicUrl: string): Promise<boolean> {
  const ctx = { ...job, traceparent: request.traceparent ?? undefined };
  const found = await findUserByEmail(ctx, request.email);
  const locked = found && await lockUser(ctx, found.id);
  const user = locked?.email === request.email ? locked : null;
  const isKnown = user !== null && user.disabledAt === null;
  const isAllowed = request.purpose === "register" ? user === null || isKnown : isKnown;
  const token = isAllowed ? generateToken() : null;
  // A registration with the address of an account becomes a sign-in.
  const purpose = request.purpose === "register" && user ? "sign_in" : request.purpose;
  const until = new Date(ctx.now.getTime() + LINK_LIFETIME);
  if (token) await revokeLinks(ctx, request.email, purpose);
  await ctx.db`
    update email_links
    set
      processed_at = ${ctx.now}, user_id = ${user?.id ?? null}, purpose = ${purpose},
      token_hash = ${token && tokenHash(token)}, expires_at = ${token && until}
    where id = ${request.id}`;
  if (!token) return false;
  const pages = `${publicUrl}/account`;
  const { kind, path } = formOf(purpose);
  const mail = { to: request.email, until, about: { userId: user?.id } };
  // Who registers has not shown yet that the address is theirs, so the mail does not repeat the name they gave.
  const values = { name: greetingName(user?.name), link: `${pages}/${path}/${token}` };
  if (purpose !== request.purpose) {
    await queueMail(ctx, {
      ...mail,
      kind: "existingAccount",
      values: { ...values, passwordPage: `${pages}/password` },
    });
  } else {
    await queueMail(ctx, { ...mail, kind, values });
  }
  return true;
}

/** The kind of mail of a purpose, and the path of its page below the account pages. */
function formOf(purpose: LinkPurpose) {
  switch (purpose) {
    case "sign_in":
      return { kind: "signInLink", path: "link" } as const;
    case "register":
      return { kind: "registrationLink", path: "register" } as const;
    case "password":
      return { kind: "passwordLink", path: "password" } as const;
  }
}

/**
 * Revokes the unused links of an address: those of a purpose, or all. Their tokens are removed, because a time would still
 * be ahead for a request that began before.
 */
export async function revokeLinks(ctx: Context, email: string, purpose?: LinkPurpose): Promise<void> {
  await ctx.db`
    update email_links
    set token_hash = null, expires_at = null
    where email = ${email}
      and token_hash is not null
      and used_at is null
      and (${purpose ?? null}::text is null or purpose = ${purpose ?? null})`;
}

/**
 * A valid link, without using it.
 *
 * @throws DomainError `MAGIC_LINK_INVALID`
 */
export async function getLink(ctx: Context, purpose: LinkPurpose, token: string): Promise<EmailLinkRow> {
  const [link] = await ctx.db<EmailLinkRow[]>`
    select *
    from email_links
    where token_hash = ${tokenHash(token)}
      and purpose = ${purpose}
      and used_at is null
      and expires_at > ${ctx.now}`;
  return link ?? refuse("MAGIC_LINK_INVALID");
}

/**
 * Uses a link of a user, who is locked first. Of concurrent uses one succeeds.
 *
 * @throws DomainError `MAGIC_LINK_INVALID`, also when the user is disabled or has another address now
 */
export async function useUserLink(
  ctx: Context,
  purpose: "sign_in" | "password",
  token: string,
): Promise<LockedUser> {
  const { userId, email } = await getLink(ctx, purpose, token);
  const user = await lockUser(ctx, userId!);
  if (user.disabledAt || user.email !== email) refuse("MAGIC_LINK_INVALID");
  await useLink(ctx, purpose, token);
  return user;
}

/**
 * Uses a link. Of concurrent uses one succeeds; a transaction that is rolled back leaves the link unused.
 *
 * @throws DomainError `MAGIC_LINK_INVALID`
 */
export async function useLink(ctx: Context, purpose: LinkPurpose, token: string): Promise<EmailLinkRow> {
  const [link] = await ctx.db<EmailLinkRow[]>`
    update email_links
    set used_at = ${ctx.now}
    where token_hash = ${tokenHash(token)}
      and purpose = ${purpose}
      and used_at is null
      and expires_at > ${ctx.now}
    returning *`;
  return link ?? refuse("MAGIC_LINK_INVALID");
}

/**
 * Deletes links requested more than a week ago.
 *
 * @returns the number of links
 */
export async function deleteOldLinks(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from email_links
    where requested_at < ${ctx.now}::timestamptz - make_interval(days => ${LINK_RETENTION})`;
  return deleted.count;
}
