// Entitlement tokens: what an app may believe of its entitlement without asking. The claims are in the open, and a
// signature over the same claims (JWS, RFC 7515, Ed25519) lets anyone check them with the published keys.
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { compactVerify, decodeProtectedHeader, SignJWT } from "jose";
import type { Context } from "../context.ts";
import { endOf, type Entitlement, isEntitledTo } from "./entitlement.ts";
import { ALGORITHM, findPublicKey, getSigningKey, keepPublished } from "../signing/keys.ts";
import type { UserRow } from "../accounts/users.ts";

/** What the signature is of: no other token of this house can pass for one of these. */
const TYPE = "entitlement+jwt";
/** How long a token lasts whose license has no end; seconds. */
const LASTS = 24 * 3600;

export interface EntitlementClaims {
  userId: number;
  email: string;
  product: string;
  plan: string;
  features: string[];
  maxDevices: number;
  /** When the license ends, in seconds since 1970; null is never. */
  licenseEnds: number | null;
  issuedAt: number;
  expiresAt: number;
  deviceId: string | null;
  id: string;
}

/** How claims are named on the wire, which is what is signed. */
export type WireClaims = (claims: EntitlementClaims) => Record<string, unknown>;

/**
 * Issues a token over an entitlement.
 *
 * @param name puts the claims into the caller's words
 * @returns the claims as they were named, with their signature
 */
export async function issueEntitlementToken(
  ctx: Context,
  user: Pick<UserRow, "id" | "email">,
  entitlement: Entitlement,
  deviceId: string | null,
  name: WireClaims,
): Promise<Record<string, unknown>> {
  const issuedAt = Math.floor(ctx.now.getTime() / 1000);
  const end = endOf(entitlement);
  const licenseEnds = end && end.getTime() / 1000;
  const expiresAt = licenseEnds ?? issuedAt + LASTS;
  const claims = name({
    userId: user.id,
    email: user.email,
    product: entitlement.product,
    plan: entitlement.plan,
    features: entitlement.features,
    maxDevices: entitlement.maxDevices,
    licenseEnds,
    issuedAt,
    expiresAt,
    deviceId: entitlement.activationId === null ? null : deviceId,
    id: randomUUID(),
  });
  const key = await getSigningKey(ctx);
  await keepPublished(ctx, key, expiresAt * 1000);
  const signature = await new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: TYPE })
    .sign(key.key);
  return { ...claims, signature };
}

/**
 * Whether a token that a user shows is good: their own, not ended, of a plan they have today, and unchanged if it is
 * signed. Anything else, whatever it is, is not.
 *
 * @param token the claims as an object, with or without signature, or a signature alone
 */
export async function checkEntitlementToken(ctx: Context, userId: number, token: unknown): Promise<boolean> {
  const shown = typeof token === "string" ? await openSignature(ctx, token) : token;
  if (typeof shown !== "object" || shown === null) return false;
  const { signature, ...claims } = shown as Record<string, unknown>;
  if (signature !== undefined && signature !== null) {
    const signed = typeof signature === "string" ? await openSignature(ctx, signature) : null;
    // Fewer claims than were signed may be shown, but none that differs.
    if (!signed || Object.entries(claims).some(([name, value]) => !isDeepStrictEqual(signed[name], value))) {
      return false;
    }
  }
  const { sub, exp, plan } = claims;
  if (String(sub) !== String(userId) || typeof exp !== "number" || typeof plan !== "string") return false;
  return exp * 1000 > ctx.now.getTime() && await isEntitledTo(ctx, userId, plan);
}

/** The claims of a signature of ours; null when it is none. */
async function openSignature(ctx: Context, signature: string): Promise<Record<string, unknown> | null> {
  try {
    const { kid, typ } = decodeProtectedHeader(signature);
    const key = typ === TYPE && typeof kid === "string" ? await findPublicKey(ctx, kid) : null;
    if (!key) return null;
    const { payload } = await compactVerify(signature, key, { algorithms: [ALGORITHM] });
    return JSON.parse(new TextDecoder().decode(payload));
  } catch (error) {
    // Whatever a stranger sends may fail to be a token in many ways; a database that is away is no such way.
    if (isMalformed(error)) return null;
    throw error;
  }
}

function isMalformed(error: unknown): boolean {
  return error instanceof TypeError || error instanceof SyntaxError ||
    (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_J"));
}
