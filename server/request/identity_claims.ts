// Who has signed in at the identity provider, as its answer says.
import type * as OpenId from "openid-client";
import type { Identity } from "../domain/administrators/identity.ts";

type Tokens = Awaited<ReturnType<typeof OpenId.authorizationCodeGrant>>;

/**
 * The identity of a verified ID token, and of the userinfo endpoint where the token leaves out the address or the roles. The
 * methods of authentication are read from the token alone.
 */
export async function readIdentity(
  oidc: typeof OpenId,
  client: OpenId.Configuration,
  tokens: Tokens,
  roleClaim: string | null,
): Promise<Identity> {
  const claims = tokens.claims()!;
  const isMissing = claims.email === undefined || roleClaim !== null && claims[roleClaim] === undefined;
  const more = isMissing && client.serverMetadata().userinfo_endpoint
    ? await oidc.fetchUserInfo(client, tokens.access_token, claims.sub)
    : {};
  const all: Record<string, unknown> = { ...more, ...claims };
  const emailSource: Record<string, unknown> = claims.email === undefined ? more : claims;
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: textOf(all.email),
    isEmailVerified: emailSource.email_verified === true,
    name: textOf(all.name),
    roleValues: roleClaim === null ? [] : textsOf(all[roleClaim]),
    authenticatedAt: typeof claims.auth_time === "number" ? new Date(claims.auth_time * 1000) : null,
    amr: textsOf(claims.amr),
    acr: textOf(claims.acr),
    idToken: tokens.id_token!,
  };
}

function textOf(claim: unknown): string | null {
  return typeof claim === "string" && claim.isWellFormed() && !claim.includes("\0") ? claim : null;
}

function textsOf(claim: unknown): string[] {
  return (Array.isArray(claim) ? claim : [claim]).map(textOf).filter((text) => text !== null);
}
