// The state of the license by what is kept on the device, without a network.
import type { Device } from "./device.ts";
import { InvalidTextError } from "./errors.ts";
import type { Entitlements, FileClaims } from "./file_claims.ts";
import type { PublicKey, VerifySignature } from "./jws.ts";
import { type App, checkLicenseFile } from "./license_file.ts";
import type { LicenseRecord } from "./record.ts";
import { readValidation, type ValidationClaims } from "./signed_validation.ts";
import { isUsable, type LicenseState, stateOfCode } from "./states.ts";

/** By what a record is judged. Durations are seconds. */
export interface Terms {
  app: App;
  device: Device;
  keys: readonly PublicKey[];
  verify?: VerifySignature;
  /** How long a signed validation counts as if the server had been asked just now. */
  freshFor: number;
  /** How long a license without a license file may be used while the server is not reached. */
  offlineGrace: number;
}

/** What is known of the license. */
export interface LocalState {
  state: LicenseState;
  usable: boolean;
  /** Why, for logs. */
  reason: string;
  /** The server's code of the last validation or refusal; null: none. */
  code: string | null;
  /** Empty while the license may not be used. */
  entitlements: Entitlements;
  maxUsers: number | null;
  /** Last day, inclusive; null: never expires, or not known. */
  licenseEnds: string | null;
  graceEnds: string | null;
  /** When the license file ends; seconds since 1970; null: there is none. */
  fileEnds: number | null;
  /** Claims of the license file: customer, public metadata and more; null: there is none. */
  file: FileClaims | null;
  /** When the server said so; seconds since 1970; null: never. */
  checkedAt: number | null;
}

/** A clock may be behind by so much; seconds. */
const TOLERANCE = 3600;

/** @param now seconds since 1970 */
export async function localState(record: LicenseRecord, terms: Terms, now: number): Promise<LocalState> {
  const validation = await savedValidation(record, terms);
  const file = record.file === null ? null : await checkLicenseFile({
    ...terms,
    file: record.file,
    licenseKey: record.licenseKey,
    now,
    kept: { ...record, trusted: Math.max(record.trusted, validation?.iat ?? 0) },
    lists: record.list === null ? [] : [record.list],
  });
  const claims = file?.claims ?? null;
  const trusted = Math.max(record.trusted, validation?.iat ?? 0, claims?.iat ?? 0);
  const stated = (state: LicenseState, reason: string): LocalState =>
    summary(state, reason, record, validation, claims);
  if (now < trusted - TOLERANCE) {
    return stated("clock_tampered", "The clock is behind the latest trusted time.");
  }
  if (validation && !validation.valid && validation.iat >= (claims?.iat ?? 0)) {
    return stated(stateOfCode(validation.code) ?? "invalid", `The server answered ${validation.code}.`);
  }
  // A file that has ended or was signed with a key that is not known leaves what the server said last.
  const isFinal = file !== null && file.state !== "invalid" &&
    !(file.state === "expired" && claims !== null && Math.max(now, trusted) >= claims.exp);
  if (isFinal) return stated(file.state, file.message);
  if (validation?.valid) return stated(...withoutFile(validation, terms, Math.max(now, trusted)));
  if (file) return stated(file.state, file.message);
  const refused = record.refusal === null ? null : stateOfCode(record.refusal);
  if (refused) return stated(refused, `The server answered ${record.refusal}.`);
  return stated("not_activated", "There is no license on this device.");
}

/** The validation that was kept; null when it is not the server's, or is about another key or device. */
async function savedValidation(
  { validation, licenseKey }: LicenseRecord,
  { app, device, keys, verify }: Terms,
): Promise<ValidationClaims | null> {
  if (validation === null || licenseKey === null) return null;
  const sent = { nonce: null, licenseKey, fingerprint: device.fingerprint, product: app.product };
  try {
    return await readValidation(validation, sent, keys, verify);
  } catch (error) {
    if (error instanceof InvalidTextError) return null;
    throw error;
  }
}

/** The state of a license without a file, by the last validation. */
function withoutFile(validation: ValidationClaims, terms: Terms, now: number): [LicenseState, string] {
  const { valid_until: ends, grace_ends: grace, iat, code } = validation;
  const [day, validated] = [now, iat].map((time) => new Date(time * 1000).toISOString().slice(0, 10));
  const age = now - iat;
  // One that was valid after its last day, and not by grace, is so by its terms.
  const isOver = ends !== null && day > ends && (validated <= ends || code === "GRACE_PERIOD");
  if (isOver && (grace === null || day > grace)) return ["expired", `The license expired on ${ends}.`];
  if (age > terms.offlineGrace) return ["expired", "The server was not reached for too long."];
  if (age > terms.freshFor) return ["offline_grace", "The server was not reached for a while."];
  return isOver ? ["grace", `The license expired on ${ends}.`] : ["valid", "The license is valid."];
}

function summary(
  state: LicenseState,
  reason: string,
  record: LicenseRecord,
  validation: ValidationClaims | null,
  claims: FileClaims | null,
): LocalState {
  const usable = isUsable(state);
  const isNewer = validation !== null && validation.iat >= (claims?.iat ?? 0);
  const entitlements = (isNewer ? validation.entitlements : claims?.entitlements) ?? {};
  return {
    state,
    usable,
    reason,
    code: validation?.code ?? record.refusal,
    entitlements: usable ? entitlements : {},
    maxUsers: (isNewer ? validation.max_users : claims?.max_users) ?? null,
    licenseEnds: (isNewer ? validation.valid_until : claims?.license_ends) ?? null,
    graceEnds: (isNewer ? validation.grace_ends : claims?.grace_ends) ?? null,
    fileEnds: claims?.exp ?? null,
    file: claims,
    checkedAt: validation?.iat ?? claims?.iat ?? null,
  };
}
