// Passkeys of administrators (Web Authentication, Level 3): registering, listing and removing.
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { requireRecentAuthentication } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { getAdministrator, requireAdministrator } from "./administrators.ts";
import { recordSecondFactor, requireOwnFactor, requireRemainingFactor } from "./factors.ts";
import { lockActor } from "./lock_administrator.ts";
import { consumeChallenge, createChallenge, loadWebAuthn, relyingPartyOf } from "./passkey_challenges.ts";

/** A row of `administrator_passkeys`. */
export interface AdministratorPasskeyRow {
  id: number;
  administratorId: number;
  name: string;
  credentialId: string;
  publicKey: Uint8Array;
  counter: number;
  transports: string[];
  createdAt: Date;
  lastUsedAt: Date | null;
}

export type Passkey = Pick<AdministratorPasskeyRow, "id" | "name" | "createdAt" | "lastUsedAt">;

/**
 * The options for `navigator.credentials.create` in the browser.
 *
 * @throws DomainError `SECOND_FACTOR_MISSING`
 */
export async function startPasskeyRegistration(
  ctx: Context,
  url: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  await requireOwnFactor(ctx, me);
  const known = await ctx.db<AdministratorPasskeyRow[]>`
    select *
    from administrator_passkeys
    where administrator_id = ${me.id}`;
  const { generateRegistrationOptions } = await loadWebAuthn();
  const options = await generateRegistrationOptions({
    rpName: "Latchkey",
    rpID: relyingPartyOf(url).rpId,
    userName: (await getAdministrator(ctx, me.id)).email,
    userDisplayName: me.name,
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  await createChallenge(ctx, options.challenge, me.id);
  return options;
}

/**
 * Adds the passkey that the browser has created. The session has used it from then on, as the device verified its user.
 *
 * @throws DomainError `PASSKEY_INVALID`, `CONFLICT` when it was added already, `SECOND_FACTOR_MISSING`
 */
export async function addPasskey(
  ctx: Context,
  input: { name: string; response: RegistrationResponseJSON },
  url: string,
): Promise<Passkey> {
  const me = requireAdministrator(ctx);
  const { origin, rpId } = relyingPartyOf(url);
  const { verifyRegistrationResponse } = await loadWebAuthn();
  const added = await inTransaction(ctx, async (ctx) => {
    await lockActor(ctx);
    await requireOwnFactor(ctx, me);
    const checked = await verifyRegistrationResponse({
      response: input.response,
      expectedChallenge: (challenge) => consumeChallenge(ctx, challenge, me.id),
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
    }).catch(() => refuse("PASSKEY_INVALID"));
    if (!checked.verified) refuse("PASSKEY_INVALID");
    const { credential } = checked.registrationInfo;
    const [passkey] = await ctx.db<Passkey[]>`
      insert into administrator_passkeys (
        administrator_id, name, credential_id, public_key, counter, transports, created_at
      ) values (
        ${me.id}, ${input.name}, ${credential.id}, ${credential.publicKey}, ${credential.counter},
        ${credential.transports ?? []}, ${ctx.now}
      )
      on conflict on constraint administrator_passkeys_credential_id_unique do nothing
      returning id, name, created_at, last_used_at`;
    if (!passkey) refuse("CONFLICT", { reason: "already_exists", subject: "passkey" });
    await recordEvent(ctx, {
      type: "administrator.passkey_added",
      subjectId: me.id,
      after: { name: passkey.name },
    });
    await recordSecondFactor(ctx, me, "passkey");
    return passkey;
  });
  // The client goes on immediately, possibly before this process reads the change.
  ctx.cache.invalidate(tagOf("administrator", me.id));
  return added;
}

/** The passkeys of the actor. */
export async function listPasskeys(ctx: Context): Promise<Passkey[]> {
  const me = requireAdministrator(ctx);
  return await ctx.db<Passkey[]>`
    select id, name, created_at, last_used_at
    from administrator_passkeys
    where administrator_id = ${me.id}
    order by id`;
}

/**
 * Removes a passkey of the actor.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when it is the last factor of the account while one is required
 */
export async function removePasskey(ctx: Context, id: number): Promise<void> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    await lockActor(ctx);
    const [removed] = await ctx.db<Passkey[]>`
      delete from administrator_passkeys
      where id = ${id} and administrator_id = ${me.id}
      returning *`;
    if (!removed) refuse("NOT_FOUND", { subject: "passkey", field: "id" });
    await requireRemainingFactor(ctx, me);
    await recordEvent(ctx, {
      type: "administrator.passkey_removed",
      subjectId: me.id,
      before: { name: removed.name },
    });
  });
}
