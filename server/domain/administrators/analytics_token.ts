// The token that opens monitoring and statistics and nothing else: a JWT (RFC 7519), HS256, good for an hour. It counts
// only while the administrator it was given to is switched on.
import { errors, jwtVerify, SignJWT } from "jose";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import type { Context, LookupContext } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { refuse } from "../errors.ts";
import { type AdministratorActor, requireAdministrator } from "./administrator.ts";

const ISSUER = "latchkey";
const SCOPE = "analytics:read";
const VALID_FOR = 3600;

const keyOf = (secret: string) => new TextEncoder().encode(secret);

/** Makes a token for the caller. */
export async function makeAnalyticsToken(
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
    .setExpirationTime(issuedAt + VALID_FOR)
    .sign(keyOf(secret));
  return { token, expiresAt: new Date((issuedAt + VALID_FOR) * 1000) };
}

/**
 * Who calls with such a token: the administrator it was given to, reading only.
 *
 * @throws DomainError `SIGN_IN_REQUIRED` when it is not ours, too old, or not for this
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
