// Answers to validating calls that ask for more than the result: a signature, by a nonce, and a new license file.
import {
  type SignedCall,
  type SignedResult,
  signUnknown,
  signValidation,
  type ValidationClaims,
} from "../domain/activations/signed_validation.ts";
import { z } from "zod";
import type { Components } from "../domain/activations/components.ts";
import type { Context } from "../domain/context.ts";
import { DomainError, isDomainError } from "../domain/errors.ts";
import { renewFile } from "../domain/license_files/renew.ts";
import { noteShownFile } from "../domain/license_files/shown.ts";
import { type MaybePromise, whenKnown } from "../domain/when_known.ts";
import type { RequestContext } from "./request_context.ts";
import { wireFileClaims } from "./wire_files.ts";

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

/** What an app asks for beside the result. */
interface Extras {
  nonce?: string | null;
  /** True, or the license file that the app has. */
  file?: boolean | string | null;
}

/** What the app sent about its license and machine. */
interface Sent {
  licenseKey: string;
  hardwareId: string;
  components?: Components | null;
}

/** A validation result, of which files and signatures are made. */
type Result = SignedResult & { activation: { id: number } | null };

/**
 * The body of the answer to a validating call: with a signature when the call has a nonce, and with a license file when it asks
 * for one that is due. Without both nothing is added.
 *
 * @param validate finds the result
 * @param bodyOf the body without signature and file
 * @throws DomainError as `validate`; `INVALID_LICENSE` has a signature when the call has a nonce
 */
export function completeBody<Found extends Result, Body extends object>(
  { ctx, request }: { ctx: Context; request: RequestContext },
  { nonce, file }: Extras,
  sent: Sent,
  validate: () => MaybePromise<Found>,
  bodyOf: (result: Found) => Body,
): MaybePromise<Body & { signature?: string; license_file?: string }> {
  if (nonce == null && !file) return whenKnown(validate(), bodyOf);
  const issuer = request.services.site.publicUrl;
  const signed = nonce == null ? null : { issuer, nonce, ...sent };
  return validateAndComplete(ctx, { signed, issuer, file }, sent, validate, bodyOf);
}

async function validateAndComplete<Found extends Result, Body extends object>(
  ctx: Context,
  { signed, issuer, file }: { signed: SignedCall | null; issuer: string; file: Extras["file"] },
  sent: Sent,
  validate: () => MaybePromise<Found>,
  bodyOf: (result: Found) => Body,
): Promise<Body & { signature?: string; license_file?: string }> {
  let result: Found;
  try {
    result = await validate();
  } catch (error) {
    if (!signed || !isDomainError(error, "INVALID_LICENSE")) throw error;
    const signature = await signUnknown(ctx, signed, error.code, wireClaims);
    throw new DomainError("INVALID_LICENSE", { ...error.facts, signature });
  }
  const { valid, license: { id: licenseId }, activation } = result;
  const machine = { components: null, ...sent, licenseId };
  const shown = typeof file === "string" ? file : null;
  if (shown !== null && !valid) {
    await noteShownFile(ctx, shown, { ...machine, activationId: activation?.id ?? null });
  }
  const renewed = file && valid && activation
    ? await renewFile(ctx, { ...machine, activationId: activation.id, shown, issuer }, wireFileClaims)
    : null;
  return {
    ...bodyOf(result),
    ...renewed ? { license_file: renewed.text } : {},
    ...signed ? { signature: await signValidation(ctx, signed, result, wireClaims) } : {},
  };
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
