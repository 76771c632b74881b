// Passkeys (Web Authentication, Level 3): signing in by a device that checked its owner, without a password. Each
// challenge is handed out once, is good for five minutes, and is gone when it is answered.
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRecentAuthentication } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { getAdministrator, requireAdministrator } from "./administrator.ts";
import { completeSignIn, renewProof, type SignedIn } from "./sign_in.ts";

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

/** A row of `administrator_challenges`. */
export interface AdministratorChallengeRow {
  challenge: string;
  administratorId: number | null;
  expiresAt: Date;
}

export type Passkey = Pick<AdministratorPasskeyRow, "id" | "name" | "createdAt" | "lastUsedAt">;

const CHALLENGE_FOR = 5 * 60_000;

/** The panel as authenticators know it: `url` is where it is reached. */
function siteOf(url: string): { origin: string; rpId: string } {
  const { origin, hostname } = new URL(url);
  return { origin, rpId: hostname };
}

/** What the browser needs to make a passkey for the caller. */
export async function beginPasskey(
  ctx: Context,
  url: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  const known = await ctx.db<AdministratorPasskeyRow[]>`
    select *
    from administrator_passkeys
    where administrator_id = ${me.id}`;
  const options = await generateRegistrationOptions({
    rpName: "Latchkey",
    rpID: siteOf(url).rpId,
    userName: (await getAdministrator(ctx, me.id)).email,
    userDisplayName: me.name,
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  await keepChallenge(ctx, options.challenge, me.id);
  return options;
}

/**
 * Adds the passkey the browser made.
 *
 * @throws DomainError `PASSKEY_INVALID`
 */
export async function addPasskey(
  ctx: Context,
  input: { name: string; response: RegistrationResponseJSON },
  url: string,
): Promise<Passkey> {
  const me = requireAdministrator(ctx);
  const { origin, rpId } = siteOf(url);
  return await inTransaction(ctx, async (ctx) => {
    const checked = await verifyRegistrationResponse({
      response: input.response,
      expectedChallenge: (challenge) => takeChallenge(ctx, challenge, me.id),
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
      on conflict on constraint administrator_passkeys_credential_unique do nothing
      returning id, name, created_at, last_used_at`;
    if (!passkey) refuse("CONFLICT", { reason: "already_exists", subject: "passkey" });
    await recordEvent(ctx, {
      type: "administrator.passkey_added",
      subjectId: me.id,
      after: { name: passkey.name },
    });
    return passkey;
  });
}

/** The caller's passkeys. */
export async function listPasskeys(ctx: Context): Promise<Passkey[]> {
  const me = requireAdministrator(ctx);
  return await ctx.db<Passkey[]>`
    select id, name, created_at, last_used_at
    from administrator_passkeys
    where administrator_id = ${me.id}
    order by id`;
}

/**
 * Removes one of the caller's passkeys.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function removePasskey(ctx: Context, id: number): Promise<void> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const [removed] = await ctx.db<Passkey[]>`
      delete from administrator_passkeys
      where id = ${id} and administrator_id = ${me.id}
      returning *`;
    if (!removed) refuse("NOT_FOUND", { subject: "passkey", field: "id" });
    await recordEvent(ctx, {
      type: "administrator.passkey_removed",
      subjectId: me.id,
      before: { name: removed.name },
    });
  });
}

/** What the browser needs to sign in with any passkey it has for us. */
export async function beginPasskeySignIn(
  ctx: Context,
  url: string,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const options = await generateAuthenticationOptions({
    rpID: siteOf(url).rpId,
    userVerification: "required",
  });
  await keepChallenge(ctx, options.challenge, null);
  return options;
}

/**
 * Signs in by a passkey, which is both factors at once.
 *
 * @throws DomainError `PASSKEY_INVALID`
 */
export async function signInByPasskey(
  ctx: Context,
  input: { response: AuthenticationResponseJSON; browser: string; ip: string | null },
  url: string,
): Promise<SignedIn> {
  return await inTransaction(ctx, async (ctx) => {
    const passkey = await takePasskey(ctx, input.response, url);
    return completeSignIn(ctx, passkey.administratorId, { ...input, by: `passkey ${passkey.name}` });
  });
}

/**
 * Shows again who the caller is, for dangerous things, by one of their passkeys.
 *
 * @throws DomainError `PASSKEY_INVALID`, also for somebody else's passkey
 */
export async function proveByPasskey(
  ctx: Context,
  response: AuthenticationResponseJSON,
  url: string,
): Promise<void> {
  const me = requireAdministrator(ctx);
  await inTransaction(ctx, async (ctx) => {
    const passkey = await takePasskey(ctx, response, url);
    if (passkey.administratorId !== me.id) refuse("PASSKEY_INVALID");
    await renewProof(ctx, me);
  });
  ctx.cache.invalidate(tagOf("administrator", me.id));
}

/** The passkey that signed, once per challenge. */
async function takePasskey(
  ctx: Context,
  response: AuthenticationResponseJSON,
  url: string,
): Promise<AdministratorPasskeyRow> {
  const { origin, rpId } = siteOf(url);
  const [passkey] = await ctx.db<AdministratorPasskeyRow[]>`
    select p.*
    from administrator_passkeys p
    join administrators a on a.id = p.administrator_id
    where p.credential_id = ${response.id} and a.disabled_at is null
    for update of p`;
  if (!passkey) refuse("PASSKEY_INVALID");
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => takeChallenge(ctx, challenge, null),
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    credential: {
      id: passkey.credentialId,
      publicKey: new Uint8Array(passkey.publicKey),
      counter: passkey.counter,
    },
  }).catch(() => refuse("PASSKEY_INVALID"));
  if (!checked.verified) refuse("PASSKEY_INVALID");
  await ctx.db`
    update administrator_passkeys
    set counter = ${checked.authenticationInfo.newCounter}, last_used_at = ${ctx.now}
    where id = ${passkey.id}`;
  return passkey;
}

async function keepChallenge(ctx: Context, challenge: string, administratorId: number | null): Promise<void> {
  await ctx.db`
    delete from administrator_challenges
    where expires_at <= ${ctx.now}`;
  await ctx.db`
    insert into administrator_challenges (challenge, administrator_id, expires_at)
    values (${challenge}, ${administratorId}, ${new Date(ctx.now.getTime() + CHALLENGE_FOR)})`;
}

async function takeChallenge(
  ctx: Context,
  challenge: string,
  administratorId: number | null,
): Promise<boolean> {
  const taken = await ctx.db`
    delete from administrator_challenges
    where challenge = ${challenge} and administrator_id is not distinct from ${administratorId}
      and expires_at > ${ctx.now}`;
  return taken.count > 0;
}
