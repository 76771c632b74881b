// The domain's objects in the fields of the Upload Bridge API. Nothing else uses these names.
import { publicValues } from "../../domain/metadata.ts";
import { type Entitlement, expiryOf } from "../../domain/entitlements/entitlement.ts";
import { type EntitlementClaims, issueEntitlementToken } from "../../domain/entitlements/tokens.ts";
import type { SignInResult } from "../../domain/accounts/sign_in.ts";
import type { UserRow } from "../../domain/accounts/users.ts";
import type { ActivationResult } from "../../domain/activations/activate.ts";
import type { ActivationRow } from "../../domain/activations/activation.ts";
import type { Context } from "../../domain/context.ts";
import { getShownMeters } from "../../domain/meters/usage.ts";
import { wireAdmissionAs } from "../../request/wire_admission.ts";
import { wireMeters } from "../../request/wire_meters.ts";
import { graceEndOf } from "../../domain/policy/expiry.ts";
import { wireTime } from "../../request/wire_time.ts";

export function wireUser({ id, email, name }: Pick<UserRow, "id" | "email" | "name">) {
  return { id: String(id), email, name };
}

/** The claims of an entitlement token: what is written, and what is signed. */
export function wireClaims(claims: EntitlementClaims) {
  return {
    sub: String(claims.userId),
    email: claims.email,
    plan: claims.plan,
    features: claims.features,
    max_devices: claims.maxDevices,
    expires_at: claims.licenseExpiresAt,
    iat: claims.issuedAt,
    exp: claims.expiresAt,
    product: claims.product,
    entitlements: claims.entitlements,
    issued_at: claims.issuedAt,
    device_id: claims.deviceId,
    jti: claims.id,
    grace_ends: claims.graceEnds,
    updates_until: claims.updatesUntil,
  };
}

/** The answer to every kind of sign-in and to a refresh. */
export async function wireSignedIn(
  ctx: Context,
  { user, sessionToken, entitlement }: Pick<SignInResult, "sessionToken" | "entitlement"> & {
    user: Pick<UserRow, "id" | "email" | "name">;
  },
  deviceId: string | null,
) {
  return {
    session_token: sessionToken,
    entitlement_token: entitlement &&
      await issueEntitlementToken(ctx, user, entitlement, deviceId, wireClaims),
    user: wireUser(user),
  };
}

/** An entitlement, with what is used of its meters. */
export async function wireEntitlement(ctx: Context, entitlement: Entitlement) {
  const expiry = expiryOf(entitlement);
  return {
    id: String(entitlement.licenseId),
    plan: entitlement.plan,
    status: "active" as const,
    features: entitlement.features,
    entitlements: entitlement.entitlements,
    metadata: entitlement.metadata,
    max_devices: entitlement.maxDevices,
    current_devices: entitlement.currentDevices,
    expires_at: expiry && wireTime(expiry),
    is_active: true as const,
    ...wireGrace(entitlement),
    ...entitlement.hasMeters ? { usage: wireMeters(await getShownMeters(ctx, entitlement.licenseId)) } : {},
  };
}

export function wireGrace(license: Pick<Entitlement, "validUntil" | "graceDays" | "updatesUntil">) {
  return { grace_ends: graceEndOf(license), updates_until: license.updatesUntil };
}

/** The fields of `admission`. */
export function wireAdmission(result: Pick<ActivationResult, "isOverLimit" | "replaced">) {
  return wireAdmissionAs(result, wireDevice);
}

export function wireDevice(activation: ActivationRow) {
  const metadata = publicValues(activation.metadata);
  return {
    id: activation.id,
    device_id: activation.hardwareId,
    device_name: activation.machineName ?? "Unknown Device",
    last_seen_at: wireTime(activation.lastHeartbeat),
    ...Object.keys(metadata).length > 0 ? { metadata } : {},
  };
}
