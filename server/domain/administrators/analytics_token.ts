// Tokens for monitoring and statistics only: a JWT (RFC 7519) with HS256, valid for an hour, while the session that made it
// is valid and while its administrator has the role of then or a higher one.
import { errors, jwtVerify, SignJWT } from "jose";
import type { Role } from "../actor.ts";
import type { Context, LookupContext } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { refuse } from "../errors.ts";
import { type AdministratorActor, requireAdministrator } from "./administrators.ts";
import { getStatisticsReader } from "./session_actor.ts";

const ISSUER = "latchkey";
/** Who accepts the token: the calls of statistics, and nothing else that knows the secret. */
const AUDIENCE = "latchkey/statistics";
const SCOPE = "analytics:read";
/** Seconds. */
const LIFETIME = 3600;

const keyOf = (secret: string) => new TextEncoder().encode(secret);

/** Creates a token for the actor's session. */
export async function createAnalyticsToken(
  ctx: Context,
  secret: string,
): Promise<{ token: string; expiresAt: Date }> {
  requireRole(ctx, "viewer");
  const me = requireAdministrator(ctx);
  if (!me.session) refuse("SIGN_IN_REQUIRED");
  const issuedAt = Math.floor(ctx.now.getTime() / 1000);
  const token = await new SignJWT({ scope: SCOPE, sid: me.session.id, role: me.role })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(String(me.id))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME)
    .sign(keyOf(secret));
  return { token, expiresAt: new Date((issuedAt + LIFETIME) * 1000) };
}

/**
 * The administrator of a token, with the role viewer and the factors of the session that made it.
 *
 * @throws DomainError `SIGN_IN_REQUIRED` when the token is invalid, expired or has another scope or audience, its session has ended or
 *   its administrator has a lower role now
 */
export async function getAnalyticsActor(
  ctx: LookupContext,
  secret: string,
  token: string,
): Promise<AdministratorActor> {
  const { payload } = await jwtVerify(token, keyOf(secret), {
    algorithms: ["HS256"],
    issuer: ISSUER,
    audience: AUDIENCE,
    currentDate: ctx.now,
    requiredClaims: ["sub", "sid", "role", "exp"],
  }).catch((error) => error instanceof errors.JOSEError ? refuse("SIGN_IN_REQUIRED") : Promise.reject(error));
  if (payload.scope !== SCOPE) refuse("SIGN_IN_REQUIRED");
  const sessionId = Number(payload.sid);
  return Number.isSafeInteger(sessionId)
    ? await getStatisticsReader(ctx, sessionId, payload.role as Role)
    : refuse("SIGN_IN_REQUIRED");
}
