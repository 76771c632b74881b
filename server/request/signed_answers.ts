// Answers to validating calls with a nonce: the names of the signed claims, and the signature of a refusal.
import {
  type SignedCall,
  type SignedResult,
  signUnknown,
  signValidation,
  type ValidationClaims,
} from "../domain/activations/signed_validation.ts";
import { z } from "zod";
import { type Context } from "../domain/context.ts";
import { DomainError, isDomainError } from "../domain/errors.ts";
import { type MaybePromise, whenKnown } from "../domain/when_known.ts";
import type { RequestContext } from "./request_context.ts";

/** Asks for a signature; empty text is refused, as an app that sends it expects one. */
export const nonce = z.string().regex(/^[!-~]{16,128}$/, "must be 16 to 128 visible ASCII characters")
  .nullish()
  .describe(
    "Random text of 16 to 128 characters, new in each call: the answer is signed, with it in the claims",
  );

export const signature = z.string().optional().describe(
  "JWS (Ed25519, type license-validation+jwt), present when the call has a nonce; the public keys are at " +
    "/.well-known/jwks/{product}.json",
);

/** What of a call is signed. */
export type CallClaims = Omit<SignedCall, "issuer" | "nonce">;

/**
 * The body of the answer to a validating call, with a signature when the call has a nonce. Without one nothing is added.
 *
 * @param validate finds the result
 * @param bodyOf the body without the signature
 * @throws DomainError as `validate`; `INVALID_LICENSE` has a signature when the call has a nonce
 */
export function signedBody<Result extends SignedResult, Body extends object>(
  { ctx, request }: { ctx: Context; request: RequestContext },
  nonce: string | null | undefined,
  call: CallClaims,
  validate: () => MaybePromise<Result>,
  bodyOf: (result: Result) => Body,
): MaybePromise<Body & { signature?: string }> {
  if (nonce == null) return whenKnown(validate(), bodyOf);
  const signed: SignedCall = { issuer: request.services.site.publicUrl, nonce, ...call };
  return validateAndSign(ctx, signed, validate, bodyOf);
}

async function validateAndSign<Result extends SignedResult, Body extends object>(
  ctx: Context,
  call: SignedCall,
  validate: () => MaybePromise<Result>,
  bodyOf: (result: Result) => Body,
): Promise<Body & { signature: string }> {
  let result: Result;
  try {
    result = await validate();
  } catch (error) {
    if (!isDomainError(error, "INVALID_LICENSE")) throw error;
    const signature = await signUnknown(ctx, call, error.code, wireClaims);
    throw new DomainError("INVALID_LICENSE", { ...error.facts, signature });
  }
  return { ...bodyOf(result), signature: await signValidation(ctx, call, result, wireClaims) };
}

/** The claims under the names of the wire. */
export function wireClaims(claims: ValidationClaims) {
  return {
    iss: claims.issuer,
    iat: claims.issuedAt,
    nonce: claims.nonce,
    product: claims.product,
    license: claims.licenseId,
    key_hash: claims.keyHash,
    machine: claims.machineHash,
    valid: claims.valid,
    code: claims.code,
    valid_until: claims.validUntil,
    grace_ends: claims.graceEnds,
    entitlements: claims.entitlements,
    max_users: claims.maxUsers,
  };
}
