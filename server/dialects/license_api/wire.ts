// The domain's objects in the fields of the License API. Nothing else uses these names.
import type { ActivationResult } from "../../domain/activations/activate.ts";
import type { ActivationRow } from "../../domain/activations/activation.ts";
import type { ShownActivation, ShownLicense } from "../../domain/activations/license_info.ts";
import { leaseEnd, type ValidationResult } from "../../domain/activations/verify.ts";
import { type PublicMetadata, publicValues } from "../../domain/metadata.ts";
import type { Verification } from "../../domain/meters/verify.ts";
import { graceEndOf } from "../../domain/policy/expiry.ts";
import { leaseLength } from "../../domain/policy/lease.ts";
import { expiredFacts } from "../../domain/policy/require_valid.ts";
import type { LicenseState, LicenseTerms } from "../../domain/policy/terms.ts";
import { meanings } from "../../request/error_messages.ts";
import type { ReleaseRow } from "../../domain/releases/releases.ts";
import { wireAdmission } from "../../request/wire_admission.ts";
import { wireMeters } from "../../request/wire_meters.ts";
import { wireTime } from "../../request/wire_time.ts";

export { wireTime };

export function wireActivation(activation: ShownActivation) {
  return {
    id: activation.id,
    hardware_hash: activation.hardwareId,
    machine_name: activation.machineName,
    activated_at: wireTime(activation.activatedAt),
    last_heartbeat: wireTime(activation.lastHeartbeat),
    is_active: activation.isActive,
    ...isEmpty(activation.metadata) ? {} : { metadata: activation.metadata },
  };
}

function isEmpty(metadata: PublicMetadata): boolean {
  for (const _ in metadata) return false;
  return true;
}

/** The activation of an answer to activate or deactivate, which names the key as well. */
export function wireKeyedActivation(activation: ActivationRow, licenseKey: string) {
  const { id, ...rest } = wireActivation({ ...activation, metadata: publicValues(activation.metadata) });
  return { id, license_key: licenseKey, ...rest };
}

/** The answer to an activation, new or known. */
export function wireActivated(
  { activation, licenseKey, isNew, machineLease, ...admission }: ActivationResult,
) {
  const lease = machineLease === null ? null : leaseLength(machineLease);
  return {
    message: isNew ? "License activated successfully" : "License is already activated on this device",
    activation: wireKeyedActivation(activation, licenseKey),
    ...wireLease(leaseEnd({ lease }, activation.lastHeartbeat.getTime())),
    ...wireAdmission(admission),
  };
}

export function wireValidationResult(
  { valid, code, license, state, startsWith, activation, entitlements, leaseEnds, update, usage }:
    Verification,
) {
  return {
    valid,
    message: validationMessage({ code, license, activation }),
    code,
    ...wireLease(leaseEnds),
    license: {
      key: license.key,
      valid_until: license.validUntil,
      max_users: license.maxUsers,
      ...wireExpiry(license, state),
      ...startsWith ? { starts_with: startsWith } : {},
    },
    entitlements,
    metadata: license.metadata,
    ...activation && !isEmpty(activation.metadata) ? { activation_metadata: activation.metadata } : {},
    update_available: update.updateAvailable,
    latest_version: update.latest?.version ?? null,
    ...usage ? { usage: wireMeters(usage) } : {},
  };
}

/** What the calls tell of how a license ends, besides its last day. */
export function wireExpiry(
  license: Pick<LicenseTerms, "validUntil" | "graceDays" | "updatesUntil">,
  state: LicenseState,
) {
  return { state, grace_ends: graceEndOf(license), updates_until: license.updatesUntil };
}

/** When the activation lapses; absent where it never does. */
export function wireLease(leaseEnds: Date | null): { lease_ends?: string } {
  return leaseEnds === null ? {} : { lease_ends: wireTime(leaseEnds) };
}

export function validationMessage(
  { code, license, activation }: Pick<ValidationResult, "code" | "license" | "activation">,
): string {
  switch (code) {
    case "VALID":
      return "License is valid";
    case "GRACE_PERIOD":
      return "License has expired and is valid until its grace period ends. Renew by then.";
    case "LICENSE_EXPIRED":
      return meanings[code].messageOf!(expiredFacts(license));
    case "ACTIVATION_INACTIVE":
      if (!activation?.lapsed) return meanings[code].message;
      return activation.lapsed.mayReturn
        ? "This device was not heard of for too long. Activate the license on it again."
        : "This device was not heard of for too long, and all activations are used now. Deactivate another device, then try again.";
    default:
      return meanings[code].message;
  }
}

export function wireLicense(license: ShownLicense) {
  return {
    id: license.id,
    key: license.key,
    customer_name: license.customerName,
    type: license.type,
    valid_from: license.validFrom,
    valid_until: license.validUntil,
    max_activations: license.maxActivations,
    max_users: license.maxUsers,
    is_active: license.isActive,
    ...wireExpiry(license, license.state),
    ...license.startsWith ? { starts_with: license.startsWith } : {},
    entitlements: license.entitlements,
    metadata: license.metadata,
  };
}

export function wireRelease(release: ReleaseRow) {
  return {
    version: release.version,
    release_date: release.releaseDate,
    download_url: release.downloadUrl,
    release_notes: release.releaseNotes,
    is_mandatory: release.isMandatory,
  };
}
