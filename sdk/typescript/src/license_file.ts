// License files: reading one, and the state of its license on this device, as docs/offline.md orders the checks.
import { contentOfFile } from "./armour.ts";
import { type Device, isDevice } from "./device.ts";
import { decryptFile, isEncrypted } from "./encrypted_file.ts";
import { type InvalidReason, InvalidTextError, OtherDeviceError } from "./errors.ts";
import { checkFileClaims, type FileClaims } from "./file_claims.ts";
import { type PublicKey, verifyJws, type VerifySignature } from "./jws.ts";
import type { Kept } from "./record.ts";
import type { LicenseState } from "./states.ts";
import { isSet, readStatusList, type StatusList } from "./status_list.ts";
import { isVersionInRange } from "./version.ts";

/** The app: which product it is, and which release of it. */
export interface App {
  /** The product's code. */
  product: string;
  version: string;
  /** The day of the release, `YYYY-MM-DD`; null: not known. */
  released?: string | null;
}

/** What an app has seen; see `LicenseRecord`. */
export interface Seen extends Partial<Omit<Kept, "removed">> {
  /** The greatest `seq` by activation that was given back. */
  removed?: Readonly<Record<string, { seq: number }>>;
}

/** What a file is checked with. Times are seconds since 1970. */
export interface FileCheck {
  file: string;
  keys: readonly PublicKey[];
  app: App;
  device: Device;
  /** For encrypted files; as it was sent to the server. */
  licenseKey: string | null;
  now: number;
  kept?: Seen;
  lists?: readonly string[];
  verify?: VerifySignature;
}

/** Why a file is not used; the words are those of docs/offline.md. */
export type FileReason =
  | InvalidReason
  | "not_decrypted"
  | "clock_set_back"
  | "not_yet_valid"
  | "removed"
  | "older_file"
  | "revoked"
  | "file_ended"
  | "version_not_covered"
  | "released_later"
  | "license_ended";

/** The state of a file, with its claims as soon as they are verified and for this product. */
export interface FileResult {
  state: LicenseState;
  /** Null for `valid` and `grace`. */
  reason: FileReason | null;
  /** The same as a sentence, for logs. */
  message: string;
  claims: FileClaims | null;
}

/** A clock may be behind by so much; seconds. */
const TOLERANCE = 3600;

/** The state of a license file. */
export async function checkLicenseFile(check: FileCheck): Promise<FileResult> {
  let claims: FileClaims;
  try {
    claims = await readFile(check);
  } catch (error) {
    if (error instanceof OtherDeviceError) {
      return { state: "wrong_machine", claims: null, reason: "not_decrypted", message: error.message };
    }
    if (error instanceof InvalidTextError) {
      return { state: "invalid", claims: null, reason: error.reason, message: error.message };
    }
    throw error;
  }
  if (claims.product !== check.app.product) {
    const message = `The license file is for ${claims.product}.`;
    return { state: "invalid", claims: null, reason: "other_product", message };
  }
  return { ...await stateOf(claims, check), claims };
}

async function readFile({ file, device, licenseKey, keys, verify }: FileCheck): Promise<FileClaims> {
  const content = contentOfFile(file);
  const secret = { licenseKey: licenseKey ?? "", fingerprint: device.fingerprint };
  const jws = isEncrypted(content) ? await decryptFile(content, secret) : content;
  return checkFileClaims(await verifyJws(jws, "license-file+jwt", keys, verify));
}

async function stateOf(claims: FileClaims, check: FileCheck): Promise<Omit<FileResult, "claims">> {
  const { kept = {} } = check;
  const { lists, issuedAt } = await readLists(claims, check);
  const trusted = Math.max(kept.trusted ?? 0, claims.iat, issuedAt);
  if (check.now < trusted - TOLERANCE) {
    return because("clock_tampered", "clock_set_back", "The clock is behind the latest trusted time.");
  }
  const now = Math.max(check.now, trusted);
  if (now < claims.nbf - TOLERANCE) {
    return because("clock_tampered", "not_yet_valid", "The license file is for later.");
  }
  if (!await isDevice(claims.machine, check.device)) {
    return because("wrong_machine", "other_machine", "The license file is for another device.");
  }
  const activation = String(claims.activation);
  const removed = own(kept.removed, activation);
  if (removed && claims.seq <= removed.seq) {
    return because("not_activated", "removed", "The license file was given back.");
  }
  if (claims.seq < (own(kept.seq, activation) ?? 0)) {
    return because("invalid", "older_file", "A later license file of this device was seen.");
  }
  // A list that has ended still revokes what it has revoked.
  if (lists.some((list) => isSet(list, claims.status.idx))) {
    return because("revoked", "revoked", "The license file was revoked.");
  }
  if (now >= claims.exp) return because("expired", "file_ended", "The license file has ended.");
  return stateOfTerms(claims, check.app, new Date(now * 1000).toISOString().slice(0, 10));
}

/** The lists of the file, without those that are older than one that was seen; and the latest time of all that are signed right. */
async function readLists(
  { status }: FileClaims,
  { lists = [], keys, verify, kept }: FileCheck,
): Promise<{ lists: StatusList[]; issuedAt: number }> {
  const found: StatusList[] = [];
  for (const jws of lists) {
    try {
      found.push(await readStatusList(jws, keys, verify));
    } catch (error) {
      if (!(error instanceof InvalidTextError)) throw error;
    }
  }
  const latest = (of: StatusList[]) => Math.max(0, ...of.map(({ issuedAt }) => issuedAt));
  const ofFile = found.filter(({ uri }) => uri === status.uri);
  const seen = Math.max(own(kept?.lists, status.uri) ?? 0, latest(ofFile));
  return { lists: ofFile.filter(({ issuedAt }) => issuedAt >= seen), issuedAt: latest(found) };
}

/** The state by the terms of the license, on a day. */
function stateOfTerms(claims: FileClaims, app: App, day: string): Omit<FileResult, "claims"> {
  const { license_ends: ends, grace_ends: grace, updates_until: updates, versions } = claims;
  const isReleasedBy = (day: string | null) => day === null || app.released == null || app.released <= day;
  const later = (day: string | null) =>
    because("version_not_entitled", "released_later", `The license includes releases until ${day}.`);
  if (versions !== null && !isVersionInRange(app.version, versions)) {
    const message = `The license includes the versions ${versions}.`;
    return because("version_not_entitled", "version_not_covered", message);
  }
  if (!isReleasedBy(updates)) return later(updates);
  if (ends === null || day <= ends) return because("valid", null, "The license is valid.");
  if (grace !== null && day <= grace) return because("grace", null, `The license expired on ${ends}.`);
  if (claims.after_expiry === "allow") {
    return because("valid", null, "The license may be used after its last day.");
  }
  if (claims.after_expiry === "refuse") {
    return because("expired", "license_ended", `The license expired on ${ends}.`);
  }
  if (!isReleasedBy(updates ?? ends)) return later(updates ?? ends);
  return because("valid", null, "The license may be used after its last day with this version.");
}

/** A member by a name that may be any text. */
function own<Value>(members: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return members && Object.hasOwn(members, name) ? members[name] : undefined;
}

function because(
  state: LicenseState,
  reason: FileReason | null,
  message: string,
): Omit<FileResult, "claims"> {
  return { state, reason, message };
}
