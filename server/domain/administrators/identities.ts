// The link between a person at the identity provider, known by issuer and subject, and an administrator. It is made once, by
// a verified email address; after that the address does not matter any more, so that no one takes over an account with it.
import { type Context, inTransaction } from "../context.ts";
import { requireRecentOwner } from "../authorization.ts";
import { foldEmail, parseEmail } from "../email_address.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { greetingName, queueMail } from "../mail/queue.ts";
import type { AdministratorRow } from "./administrators.ts";
import { insertAdministrator } from "./create.ts";
import { type Identity, type IdentityPolicy, roleOf } from "./identity.ts";
import { lockAdministrator, type LockedAdministrator } from "./lock_administrator.ts";
import { endSessions } from "./sessions.ts";
import { truncate } from "../text.ts";

/** A row of `administrator_identities`. */
export interface AdministratorIdentityRow {
  issuer: string;
  subject: string;
  administratorId: number;
  linkedAt: Date;
  lastUsedAt: Date;
}

/** The key of the advisory lock under which first sign-ins run, one after the other. An arbitrary number. */
const FIRST_SIGN_IN_LOCK = 7_214_905_513;

/**
 * The id of the administrator of an identity: the linked one, the one of its verified address, or a new one where the
 * configuration creates them. First sign-ins at the same moment find the same one.
 *
 * @throws DomainError `IDENTITY_REFUSED` when there is none
 */
export async function resolveAdministrator(
  ctx: Context,
  identity: Identity,
  policy: IdentityPolicy,
): Promise<{ id: number; isLinked: boolean }> {
  const linked = await findLinked(ctx, identity);
  if (linked !== null) return { id: linked, isLinked: true };
  await ctx.db`select pg_advisory_xact_lock(${FIRST_SIGN_IN_LOCK})`;
  const linkedMeanwhile = await findLinked(ctx, identity);
  if (linkedMeanwhile !== null) return { id: linkedMeanwhile, isLinked: true };
  const email = identity.email === null ? null : parseEmail(identity.email);
  if (email === null || !identity.isEmailVerified) {
    refuse("IDENTITY_REFUSED", { reason: "email_not_verified" });
  }
  const [known] = await ctx.db<Pick<AdministratorRow, "id">[]>`
    select id
    from administrators
    where lower(email) = ${foldEmail(email)}`;
  if (known) return { id: known.id, isLinked: false };
  if (!policy.createsAdministrators) refuse("IDENTITY_REFUSED", { reason: "unknown" });
  const role = roleOf(policy, identity) ?? refuse("IDENTITY_REFUSED", { reason: "no_role" });
  const { id } = await insertAdministrator(asProvider(ctx), {
    email,
    name: truncate(identity.name?.trim() || email, 255),
    role,
    passwordHash: null,
  });
  return { id, isLinked: false };
}

async function findLinked(ctx: Context, { issuer, subject }: Identity): Promise<number | null> {
  const [found] = await ctx.db<AdministratorIdentityRow[]>`
    select *
    from administrator_identities
    where issuer = ${issuer} and subject = ${subject}`;
  return found?.administratorId ?? null;
}

/** The context of what the identity provider decides, in events. */
export function asProvider(ctx: Context): Context {
  return { ...ctx, actor: { kind: "system", job: "identity provider" } };
}

/**
 * Links an identity to an administrator who has signed in with it, or records that it was used. The administrator is told of
 * a new link by mail.
 *
 * @throws DomainError `IDENTITY_REFUSED` when the administrator is linked to another person there
 */
export async function linkIdentity(
  ctx: Context,
  row: LockedAdministrator,
  { issuer, subject }: Pick<Identity, "issuer" | "subject">,
  { name }: Pick<IdentityPolicy, "name">,
): Promise<void> {
  const [other] = await ctx.db<AdministratorIdentityRow[]>`
    select *
    from administrator_identities
    where administrator_id = ${row.id} and issuer = ${issuer} and subject <> ${subject}`;
  if (other) refuse("IDENTITY_REFUSED", { reason: "linked_to_another" });
  const [{ isNew }] = await ctx.db<{ isNew: boolean }[]>`
    insert into administrator_identities (issuer, subject, administrator_id, linked_at, last_used_at)
    values (${issuer}, ${subject}, ${row.id}, ${ctx.now}, ${ctx.now})
    on conflict on constraint administrator_identities_pkey do update
    set last_used_at = excluded.last_used_at
    returning linked_at = last_used_at as is_new`;
  if (!isNew) return;
  await recordEvent(asProvider(ctx), {
    type: "administrator.identity_linked",
    subjectId: row.id,
    after: { issuer, subject },
  });
  if (row.passwordHash === null) return;
  await queueMail(ctx, {
    kind: "administratorIdentityLinked",
    to: row.email,
    values: { name: greetingName(row.name), provider: name, issuer },
  });
}

/**
 * Removes the links of an administrator, such as of a person who has a new account at the provider, and ends the sessions.
 *
 * @throws DomainError `NOT_FOUND` when there is no link, `REAUTHENTICATION_REQUIRED`
 */
export async function unlinkIdentities(ctx: Context, id: number): Promise<void> {
  requireRecentOwner(ctx);
  await inTransaction(ctx, async (ctx) => {
    const row = await lockAdministrator(ctx, id);
    const removed = await ctx.db<AdministratorIdentityRow[]>`
      delete from administrator_identities
      where administrator_id = ${row.id}
      returning *`;
    if (removed.length === 0) refuse("NOT_FOUND", { subject: "identity", field: "id" });
    await endSessions(ctx, row, { exceptId: null });
    for (const { issuer, subject } of removed) {
      await recordEvent(ctx, {
        type: "administrator.identity_unlinked",
        subjectId: id,
        before: { issuer, subject },
      });
    }
  });
}
