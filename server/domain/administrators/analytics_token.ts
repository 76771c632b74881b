// Tokens for monitoring and statistics only: a JWT (RFC 7519) with HS256, valid for an hour and while its administrator is
// enabled.
import { errors, jwtVerify, SignJWT } from "jose";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import type { Context, LookupContext } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { refuse } from "../errors.ts";
import { type AdministratorActor, requireAdministrator } from "./administrators.ts";

const ISSUER = "latchkey";
const SCOPE = "analytics:read";
/** Seconds. */
const LIFETIME = 3600;

const keyOf = (secret: string) => new TextEncoder().encode(secret);

/** Creates a token for the actor. */
export async function createAnalyticsToken(
  ctx: Context,
  secret: string,
): Promise<{ token: string; expiresAt: Date }> {
  requireRole(ctx, "viewer");
  const me = requireAdministrator(ctx);
  const issuedAt = Math.floor(ctx.now.getTime() / 1000);
  const token = await new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuer(ISSUER)
    .setSubject(String(me.id))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME)
    .sign(keyOf(secret));
  return { token, expiresAt: new Date((issuedAt + LIFETIME) * 1000) };
}

/**
 * The administrator of a token, with the role viewer.
 *
 * @throws DomainError `SIGN_IN_REQUIRED` when the token is invalid, expired or has another scope
 */
export async function getAnalyticsActor(
  ctx: LookupContext,
  secret: string,
  token: string,
): Promise<AdministratorActor> {
  const { payload } = await jwtVerify(token, keyOf(secret), {
    algorithms: ["HS256"],
    issuer: ISSUER,
    currentDate: ctx.now,
    requiredClaims: ["sub", "exp"],
  }).catch((error) => error instanceof errors.JOSEError ? refuse("SIGN_IN_REQUIRED") : Promise.reject(error));
  if (payload.scope !== SCOPE) refuse("SIGN_IN_REQUIRED");
  const id = Number(payload.sub);
  const known = await ctx.cache.getOrLoad(`administrator ${id}`, async () => {
    const [row] = await ctx.db<{ id: number; name: string }[]>`
      select id, name
      from administrators
      where id = ${id} and disabled_at is null`;
    return row ? { value: row, invalidationTag: tagOf("administrator", id) } : null;
  });
  if (!known) refuse("SIGN_IN_REQUIRED");
  return { kind: "administrator", id, name: known.name, role: "viewer" };
}
