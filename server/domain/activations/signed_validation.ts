// Signed validations: what a license is worth on a machine, as claims that an app can check. The app sends a nonce, so that
// no answer can be recorded and shown again.
import { createHash } from "node:crypto";
import type { CalendarDay } from "../calendar.ts";
import type { Context } from "../context.ts";
import { type Entitlements, noEntitlements } from "../policy/entitlements.ts";
import { graceEndOf } from "../policy/expiry.ts";
import { getProductCode } from "../products/visible.ts";
import { type Claims, signClaims } from "../signing/jws.ts";
import type { ValidationResult } from "./verify.ts";

/** The type of the JWS. */
const TYPE = "license-validation+jwt";
/** How long the key stays published that signed a validation; milliseconds. Apps check signatures as they come. */
const PUBLISHED_FOR = 86_400_000;

/** The call that is answered. */
export interface SignedCall {
  /** Where the server is reached. */
  issuer: string;
  nonce: string;
  /** As the app sent it; null when the call has none. */
  licenseKey: string | null;
  /** As the app sent it; null when the call has none. */
  hardwareId: string | null;
}

export interface ValidationClaims {
  issuer: string;
  /** The server's time; seconds since 1970. */
  issuedAt: number;
  nonce: string;
  /** The product's code; null when no license was found and the caller is not restricted to a product. */
  product: string | null;
  /** Null when no license was found. */
  licenseId: number | null;
  /** SHA-256 of what the app sent, base64url. */
  keyHash: string | null;
  machineHash: string | null;
  valid: boolean;
  code: string;
  validUntil: CalendarDay | null;
  graceEnds: CalendarDay | null;
  entitlements: Entitlements;
  maxUsers: number | null;
}

/** A validation result as far as it is signed. */
export type SignedResult = Pick<ValidationResult, "valid" | "entitlements"> & {
  code: string;
  license: Pick<ValidationResult["license"], "id" | "productId" | "validUntil" | "graceDays" | "maxUsers">;
};

/**
 * Signs a validation with the key of the license's product.
 *
 * @param nameClaims writes the claims under the names of the wire
 */
export async function signValidation(
  ctx: Context,
  call: SignedCall,
  { valid, code, entitlements, license }: SignedResult,
  nameClaims: (claims: ValidationClaims) => Claims,
): Promise<string> {
  const { code: product } = await getProductCode(ctx, license.productId);
  const claims = nameClaims({
    ...claimsOfCall(ctx, call),
    product,
    licenseId: license.id,
    valid,
    code,
    validUntil: license.validUntil,
    graceEnds: graceEndOf(license),
    entitlements,
    maxUsers: license.maxUsers,
  });
  return await sign(ctx, license.productId, claims);
}

/**
 * Signs that no license was found: with the key of the product that the caller is restricted to, else the default one.
 *
 * @param code why
 * @param nameClaims writes the claims under the names of the wire
 */
export async function signUnknown(
  ctx: Context,
  call: SignedCall,
  code: string,
  nameClaims: (claims: ValidationClaims) => Claims,
): Promise<string> {
  const productId = ctx.actor.kind === "api_key" ? ctx.actor.productId : null;
  const product = productId === null ? null : (await getProductCode(ctx, productId)).code;
  const claims = nameClaims({
    ...claimsOfCall(ctx, call),
    product,
    licenseId: null,
    valid: false,
    code,
    validUntil: null,
    graceEnds: null,
    entitlements: noEntitlements,
    maxUsers: null,
  });
  return await sign(ctx, productId, claims);
}

function claimsOfCall(ctx: Context, { issuer, nonce, licenseKey, hardwareId }: SignedCall) {
  return {
    issuer,
    issuedAt: Math.floor(ctx.now.getTime() / 1000),
    nonce,
    keyHash: licenseKey === null ? null : digest(licenseKey),
    machineHash: hardwareId === null ? null : digest(hardwareId),
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function sign(ctx: Context, productId: number | null, claims: Claims): Promise<string> {
  return signClaims(ctx, { productId, type: TYPE, claims, expiresAt: ctx.now.getTime() + PUBLISHED_FOR });
}
