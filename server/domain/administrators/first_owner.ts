// The first owner of a system without administrators: a link that a program prints when it starts, and what it opens.
import { randomBytes } from "node:crypto";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { hashPassword } from "../passwords/password_hash.ts";
import { tokenHash } from "../random_token.ts";
import { insertAdministrator } from "./create.ts";
import { lockAdministrator } from "./lock_administrator.ts";
import { completeSignIn, type SignedIn } from "./sign_in.ts";
import { requireSignInWithoutProvider } from "./sign_in_policy.ts";

/** A row of `administrator_setup_links`. */
export interface AdministratorSetupLinkRow {
  tokenHash: Uint8Array;
  createdAt: Date;
  expiresAt: Date;
}

/** How long a link is valid; milliseconds. */
const LIFETIME = 12 * 3_600_000;

/** Whether there is no administrator, not even a disabled one. */
export async function isEmptySystem(ctx: Pick<Context, "db">): Promise<boolean> {
  const [{ isEmpty }] = await ctx.db<{ isEmpty: boolean }[]>`
    select not exists (select from administrators) as is_empty`;
  return isEmpty;
}

/**
 * Creates a link to create the first owner with. Links of other processes stay valid. Only the system does, when a program
 * starts.
 *
 * @param publicUrl the address of the panel
 * @returns null when there is an administrator
 * @throws DomainError `FORBIDDEN`
 */
export async function createSetupLink(
  ctx: Context,
  publicUrl: string,
): Promise<{ url: string; expiresAt: Date } | null> {
  if (ctx.actor.kind !== "system") refuse("FORBIDDEN");
  if (!await isEmptySystem(ctx)) return null;
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(ctx.now.getTime() + LIFETIME);
  await ctx.db`
    delete from administrator_setup_links
    where expires_at <= ${ctx.now}`;
  await ctx.db`
    insert into administrator_setup_links (token_hash, created_at, expires_at)
    values (${tokenHash(token)}, ${ctx.now}, ${expiresAt})`;
  return { url: `${publicUrl}/setup?token=${token}`, expiresAt };
}

/**
 * Reads a setup link, without using it.
 *
 * @throws DomainError `SETUP_INVALID`, with the reason, when there is an administrator or the link is unknown or expired
 */
export async function getSetup(ctx: Context, token: string): Promise<{ expiresAt: Date }> {
  if (!await isEmptySystem(ctx)) refuse("SETUP_INVALID", { reason: "done" });
  const [link] = await ctx.db<AdministratorSetupLinkRow[]>`
    select *
    from administrator_setup_links
    where token_hash = ${tokenHash(token)}`;
  if (!link) refuse("SETUP_INVALID", { reason: "unknown" });
  if (link.expiresAt <= ctx.now) refuse("SETUP_INVALID", { reason: "expired" });
  return { expiresAt: link.expiresAt };
}

/**
 * Creates the first owner with a setup link and signs in. Of concurrent uses, also of several links, one succeeds.
 *
 * @throws DomainError `SETUP_INVALID`; `INVALID_REQUEST` when the password is too short, too long or too easy to guess,
 *   which does not use the link up; `IDENTITY_PROVIDER_REQUIRED`
 */
export async function createFirstOwner(
  ctx: Context,
  input: {
    token: string;
    email: string;
    name: string;
    password: string;
    browser: string;
    ip: string | null;
  },
): Promise<SignedIn> {
  await getSetup(ctx, input.token);
  requireSignInWithoutProvider(ctx, input.email);
  const passwordHash = await hashPassword(input.password, input);
  return await inTransaction(ctx, async (ctx) => {
    // No administrator is created until this transaction ends. Reading stays possible.
    await ctx.db`lock table administrators in share row exclusive mode`;
    await getSetup(ctx, input.token);
    await ctx.db`delete from administrator_setup_links`;
    const { email, name } = input;
    const { id } = await insertAdministrator({ ...ctx, actor: { kind: "system", job: "setup" } }, {
      email,
      name,
      role: "owner",
      passwordHash,
    });
    return completeSignIn(ctx, await lockAdministrator(ctx, id), {
      ...input,
      by: "setup link",
      factors: { firstFactor: "password", secondFactor: null },
    });
  });
}
