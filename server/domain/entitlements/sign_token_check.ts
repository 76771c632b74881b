// The signed result of checking an entitlement token.
import {
  type SignedCall,
  signUnknown,
  signValidation,
  type ValidationClaims,
} from "../activations/signed_validation.ts";
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { validCodeOf } from "../policy/evaluate.ts";
import { stateOf } from "../policy/expiry.ts";
import type { Claims } from "../signing/jws.ts";
import type { LicenseOfPlan } from "./entitlement.ts";

/**
 * Signs the result of `checkEntitlementToken` as a validation: with the key of the license's product, or, when the token is
 * not valid, with the default one.
 *
 * @param license the license of a valid token; null: it is not valid
 */
export async function signTokenCheck(
  ctx: Context,
  call: SignedCall,
  license: LicenseOfPlan | null,
  nameClaims: (claims: ValidationClaims) => Claims,
): Promise<string> {
  if (!license) return await signUnknown(ctx, call, "NO_ENTITLEMENT", nameClaims);
  const day = dayOf(ctx.now);
  // It is usable, so it is enabled and has begun.
  const code = validCodeOf(stateOf({ ...license, isActive: true, validFrom: day }, day));
  return await signValidation(
    ctx,
    call,
    { valid: true, code, entitlements: license.entitlements, license },
    nameClaims,
  );
}
