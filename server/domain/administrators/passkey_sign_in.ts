// Signing in and re-authenticating with a passkey.
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { requireAdministrator } from "./administrators.ts";
import { recordSecondFactor } from "./factors.ts";
import { lockAdministrator, type LockedAdministrator, requireLiveSession } from "./lock_administrator.ts";
import { consumeChallenge, createChallenge, loadWebAuthn, relyingPartyOf } from "./passkey_challenges.ts";
import type { AdministratorPasskeyRow } from "./passkeys.ts";
import { recordAuthentication } from "./reauthentication.ts";
import { completeSignIn, type SignedIn } from "./sign_in.ts";
import { requireSignInWithoutProvider } from "./sign_in_policy.ts";

/** The options for `navigator.credentials.get` in the browser. */
export async function startPasskeySignIn(
  ctx: Context,
  url: string,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await loadWebAuthn();
  const options = await generateAuthenticationOptions({
    rpID: relyingPartyOf(url).rpId,
    userVerification: "required",
  });
  await createChallenge(ctx, options.challenge, null);
  return options;
}

/**
 * Signs in with a passkey. It counts as both factors, because the device has verified its user.
 *
 * @throws DomainError `PASSKEY_INVALID`, `IDENTITY_PROVIDER_REQUIRED`
 */
export async function signInWithPasskey(
  ctx: Context,
  input: { response: AuthenticationResponseJSON; browser: string; ip: string | null },
  url: string,
): Promise<SignedIn> {
  return await inTransaction(ctx, async (ctx) => {
    const { administrator, passkey } = await consumeAssertion(ctx, input.response, url);
    requireSignInWithoutProvider(ctx, administrator.email);
    return completeSignIn(ctx, administrator, {
      ...input,
      by: `passkey ${passkey.name}`,
      factors: { firstFactor: "passkey", secondFactor: "passkey" },
    });
  });
}

/**
 * Re-authenticates the actor with a passkey, which is a second factor of the session from then on.
 *
 * @throws DomainError `PASSKEY_INVALID`, also for the passkey of another administrator, `SIGN_IN_REQUIRED` when the session
 *   has ended
 */
export async function reauthenticateWithPasskey(
  ctx: Context,
  response: AuthenticationResponseJSON,
  url: string,
): Promise<void> {
  const me = requireAdministrator(ctx);
  await inTransaction(ctx, async (ctx) => {
    const { administrator } = await consumeAssertion(ctx, response, url);
    if (administrator.id !== me.id) refuse("PASSKEY_INVALID");
    await requireLiveSession(ctx, administrator);
    await recordAuthentication(ctx, me);
    await recordSecondFactor(ctx, me, "passkey");
  });
  ctx.cache.invalidate(tagOf("administrator", me.id));
}

/** Verifies a response, consumes its challenge and returns the passkey that signed it, its administrator locked. */
async function consumeAssertion(
  ctx: Context,
  response: AuthenticationResponseJSON,
  url: string,
): Promise<{ administrator: LockedAdministrator; passkey: AdministratorPasskeyRow }> {
  const { origin, rpId } = relyingPartyOf(url);
  const { verifyAuthenticationResponse } = await loadWebAuthn();
  const [owner] = await ctx.db<{ id: number }[]>`
    select administrator_id as id
    from administrator_passkeys
    where credential_id = ${response.id}`;
  if (!owner) refuse("PASSKEY_INVALID");
  const administrator = await lockAdministrator(ctx, owner.id);
  const [passkey] = await ctx.db<AdministratorPasskeyRow[]>`
    select *
    from administrator_passkeys
    where credential_id = ${response.id}`;
  if (!passkey || administrator.disabledAt) refuse("PASSKEY_INVALID");
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => consumeChallenge(ctx, challenge, null),
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
  return { administrator, passkey };
}
