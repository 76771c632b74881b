// Entitlement tokens: an entitlement as claims that an app can check without the server. The claims are readable; the
// signature over them can be verified with the published keys.
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type CalendarDay, endOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { graceEndOf } from "../policy/expiry.ts";
import { locateUnstorable } from "../text.ts";
import type { Entitlements } from "../policy/entitlements.ts";
import { type Claims, signClaims, verifyClaims } from "../signing/jws.ts";
import { type Entitlement, expiryOf, findLicenseOfPlan, type LicenseOfPlan } from "./entitlement.ts";

/** The type of the JWS. */
const TYPE = "entitlement+jwt";
/** Lifetime of the token of a license that never expires; seconds. */
const DEFAULT_LIFETIME = 24 * 3600;

/** Times are seconds since 1970. */
export interface EntitlementClaims {
  userId: number;
  email: string;
  product: string;
  plan: string;
  features: string[];
  entitlements: Entitlements;
  maxDevices: number;
  /** When the license expires; null is never. */
  licenseExpiresAt: number | null;
  issuedAt: number;
  expiresAt: number;
  deviceId: string | null;
  id: string;
  /** The last day of grace after the license's end, and the last day whose releases are included. */
  graceEnds: CalendarDay | null;
  updatesUntil: CalendarDay | null;
}

/** Issues a token for an entitlement: the named claims and, as `signature`, their JWS. */
export async function issueEntitlementToken<Named extends Claims>(
  ctx: Context,
  user: { id: number; email: string },
  entitlement: Entitlement,
  deviceId: string | null,
  nameClaims: (claims: EntitlementClaims) => Named,
): Promise<Named & { signature: string }> {
  const issuedAt = Math.floor(ctx.now.getTime() / 1000);
  const expiry = expiryOf(entitlement);
  const licenseExpiresAt = expiry && expiry.getTime() / 1000;
  const graceEnds = graceEndOf(entitlement);
  const expiresAt = tokenExpiry(issuedAt, licenseExpiresAt, graceEnds && endOf(graceEnds).getTime() / 1000);
  const claims = nameClaims({
    userId: user.id,
    email: user.email,
    product: entitlement.product,
    plan: entitlement.plan,
    features: entitlement.features,
    entitlements: entitlement.entitlements,
    maxDevices: entitlement.maxDevices,
    licenseExpiresAt,
    issuedAt,
    expiresAt,
    deviceId: entitlement.activationId === null ? null : deviceId,
    id: randomUUID(),
    graceEnds,
    updatesUntil: entitlement.updatesUntil,
  });
  const signature = await signClaims(ctx, {
    // Apps know the default keys only, which are at the documented address.
    productId: null,
    algorithm: ctx.settings.olderTokenAlgorithm ? "EdDSA" : "Ed25519",
    type: TYPE,
    claims,
    expiresAt: expiresAt * 1000,
  });
  return { ...claims, signature };
}

/**
 * When a token expires: with the license, after its last day with its grace. That of a license that never ends, or is valid
 * after both, lasts for a day. All in seconds.
 */
function tokenExpiry(
  issuedAt: number,
  licenseExpiresAt: number | null,
  graceExpiresAt: number | null,
): number {
  const ahead = [licenseExpiresAt, graceExpiresAt].find((end) => end !== null && end > issuedAt);
  return ahead ?? issuedAt + DEFAULT_LIFETIME;
}

/**
 * Checks a token. It is valid when it is the user's own, not expired, for a plan the user is entitled to today, and, if it
 * is signed, unchanged. It is forged when this server never signed it.
 *
 * @param token the claims with or without their signature, or the signature alone; anything else is not valid
 * @returns the license of the plan as well, when the token is valid
 */
export async function checkEntitlementToken(
  ctx: Context,
  { userId, token }: { userId: number; token: unknown },
): Promise<{ result: "valid" | "invalid" | "forged"; license: LicenseOfPlan | null }> {
  const presented = typeof token === "string" ? await verifyClaims(ctx, { type: TYPE, jws: token }) : token;
  // Claims that were sent as text are read after the request's own text was checked.
  if (typeof presented !== "object" || presented === null || locateUnstorable(presented)) return forged;
  const { signature, ...claims } = presented as Claims;
  if (signature !== undefined && signature !== null) {
    const signed = typeof signature === "string"
      ? await verifyClaims(ctx, { type: TYPE, jws: signature })
      : null;
    // A subset of the signed claims is accepted; a claim that differs is not.
    if (!signed || Object.entries(claims).some(([name, value]) => !isDeepStrictEqual(signed[name], value))) {
      return forged;
    }
  }
  const { sub, exp, plan } = claims;
  const isUsers = (typeof sub === "string" || typeof sub === "number") && String(sub) === String(userId);
  if (!isUsers || typeof exp !== "number" || typeof plan !== "string") return invalid;
  const license = exp * 1000 > ctx.now.getTime() ? await findLicenseOfPlan(ctx, userId, plan) : null;
  return license ? { result: "valid", license } : invalid;
}

const forged = { result: "forged", license: null } as const;
const invalid = { result: "invalid", license: null } as const;
