// Links by mail: to sign in, to register, to set a new password. Asking writes one row, whoever asks, so that neither
// the answer nor its time tells whether an address is known; a worker finds that out and mails the link.
import { type Context, inTransaction } from "../context.ts";
import { queueMail } from "../mail/mail.ts";
import { refuse } from "../errors.ts";
import { linkMail, type LinkPurpose, welcomeBackMail } from "./mail_link_texts.ts";
import { generateToken, tokenHash } from "../random_token.ts";
import { findUserByEmail, foldEmail, getUser, type UserRow } from "./users.ts";

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
}

/** How long a link is good; milliseconds. */
export const LINK_LASTS = 3_600_000;
/** How long it is remembered; days. */
const KEPT_FOR = 7;

/** All that whoever asks for a sign-in link is told. */
export const LINK_ON_ITS_WAY =
  "If this address has an account, a sign-in link is on its way. It is good for one hour.";

/** Asks for a link. Whether one is sent, only the owner of the address learns. */
export async function requestLink(
  ctx: Context,
  input: { purpose: LinkPurpose; email: string; name?: string },
): Promise<void> {
  await ctx.db`
    insert into email_links (purpose, email, name, requested_at)
    values (${input.purpose}, ${foldEmail(input.email)}, ${input.name ?? null}, ${ctx.now})`;
}

/**
 * Mails the links that were asked for.
 *
 * @param publicUrl where our pages are reached
 * @returns how many were mailed, and how many were for nobody
 */
export async function answerLinkRequests(
  ctx: Context,
  publicUrl: string,
): Promise<{ mailed: number; forNobody: number }> {
  const done = { mailed: 0, forNobody: 0 };
  for (let round = 0; round < 100; round++) {
    const answered = await inTransaction(ctx, async (ctx) => {
      const [asked] = await ctx.db<EmailLinkRow[]>`
        select *
        from email_links
        where processed_at is null
        order by id
        limit 1
        for update skip locked`;
      return asked ? await answer(ctx, asked, publicUrl) : null;
    });
    if (answered === null) break;
    done[answered ? "mailed" : "forNobody"]++;
  }
  return done;
}

async function answer(ctx: Context, asked: EmailLinkRow, publicUrl: string): Promise<boolean> {
  const user = await findUserByEmail(ctx, asked.email);
  const isKnown = user !== null && user.disabledAt === null;
  const isWanted = asked.purpose === "register" ? user === null || isKnown : isKnown;
  const token = isWanted ? generateToken() : null;
  // Who registers with an address that has an account is signed in to it instead.
  const purpose = asked.purpose === "register" && user ? "sign_in" : asked.purpose;
  const until = new Date(ctx.now.getTime() + LINK_LASTS);
  if (token) await endLinks(ctx, asked.email, purpose);
  await ctx.db`
    update email_links
    set
      processed_at = ${ctx.now}, user_id = ${user?.id ?? null}, purpose = ${purpose},
      token_hash = ${token && tokenHash(token)}, expires_at = ${token && until}
    where id = ${asked.id}`;
  if (!token) return false;
  const mail = purpose === asked.purpose ? linkMail : welcomeBackMail;
  await queueMail(ctx, { to: asked.email, until, ...mail(purpose, `${publicUrl}/account`, token) });
  return true;
}

/** Ends the open links of an address: those of a purpose, or all of them. */
export async function endLinks(ctx: Context, email: string, purpose?: LinkPurpose): Promise<void> {
  await ctx.db`
    update email_links
    set expires_at = least(expires_at, ${ctx.now})
    where email = ${email}
      and token_hash is not null
      and used_at is null
      and (${purpose ?? null}::text is null or purpose = ${purpose ?? null})`;
}

/**
 * Whose link this is, without using it.
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
 * Uses a link up. Of many who try at once one succeeds, and if their transaction is undone, none has.
 *
 * @throws DomainError `MAGIC_LINK_INVALID`
 */
export async function takeLink(ctx: Context, purpose: LinkPurpose, token: string): Promise<EmailLinkRow> {
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
 * Uses a sign-in link up, and says whose it was.
 *
 * @throws DomainError `MAGIC_LINK_INVALID`
 */
export async function useLink(ctx: Context, token: string): Promise<UserRow> {
  const link = await takeLink(ctx, "sign_in", token);
  const user = await getUser(ctx, link.userId!);
  return user.disabledAt ? refuse("MAGIC_LINK_INVALID") : user;
}

/**
 * Forgets links asked for more than a week ago.
 *
 * @returns how many
 */
export async function forgetLinks(ctx: Context): Promise<number> {
  const forgotten = await ctx.db`
    delete from email_links
    where requested_at < ${ctx.now}::timestamptz - make_interval(days => ${KEPT_FOR})`;
  return forgotten.count;
}
