// License files: reading one, and the state of its license on this device, as docs/offline.md orders the checks.
import { contentOfFile } from "./armour.ts";
import { type Device, isDevice } from "./device.ts";
import { decryptFile, isEncrypted } from "./encrypted_file.ts";
import { InvalidTextError, OtherDeviceError } from "./errors.ts";
import { checkFileClaims, type FileClaims } from "./file_claims.ts";
import { type PublicKey, verifyJws, type VerifySignature } from "./jws.ts";
import type { LicenseState } from "./states.ts";
import { isSet, readStatusList, type StatusList } from "./status_list.ts";
import { isVersionInRange } from "./version.ts";

/** The app: which product it is, and which release of it. */
export interface App {
  /** The product's code. */
  product: string;
  version: string;
  /** The day of the release, `YYYY-MM-DD`. */
  released: string;
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
  /** The latest trusted time; 0 when there is none. */
  trusted: number;
  /** The greatest `seq` by activation, and the latest `iat` by address of a status list. */
  seen: Readonly<Record<string, number>>;
  lists: readonly string[];
  verify?: VerifySignature;
}

/** The state of a file, with its claims as soon as they are verified and for this product. */
export interface FileResult {
  state: LicenseState;
  claims: FileClaims | null;
  /** Why, for logs. */
  reason: string;
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
      return { state: "wrong_machine", claims: null, reason: error.message };
    }
    if (error instanceof InvalidTextError) return { state: "invalid", claims: null, reason: error.message };
    throw error;
  }
  if (claims.product !== check.app.product) {
    return { state: "invalid", claims: null, reason: `The license file is for ${claims.product}.` };
  }
  try {
    return { ...await stateOf(claims, check), claims };
  } catch (error) {
    if (error instanceof InvalidTextError) return { state: "invalid", claims: null, reason: error.message };
    throw error;
  }
}

async function readFile({ file, device, licenseKey, keys, verify }: FileCheck): Promise<FileClaims> {
  const content = contentOfFile(file);
  const secret = { licenseKey: licenseKey ?? "", fingerprint: device.fingerprint };
  const jws = isEncrypted(content) ? await decryptFile(content, secret) : content;
  return checkFileClaims(await verifyJws(jws, "license-file+jwt", keys, verify));
}

async function stateOf(claims: FileClaims, check: FileCheck): Promise<Omit<FileResult, "claims">> {
  const lists = await readLists(claims, check);
  const trusted = Math.max(check.trusted, claims.iat, ...lists.map(({ issuedAt }) => issuedAt));
  if (check.now < trusted - TOLERANCE) {
    return because("clock_tampered", "The clock is behind the latest trusted time.");
  }
  const now = Math.max(check.now, trusted);
  if (now < claims.nbf - TOLERANCE) return because("clock_tampered", "The license file was issued later.");
  if (!await isDevice(claims.machine, check.device)) {
    return because("wrong_machine", "The license file is for another device.");
  }
  if (claims.seq < (check.seen[String(claims.activation)] ?? 0)) {
    return because("invalid", "A later license file of this device was seen.");
  }
  // A list that has ended still revokes what it has revoked.
  if (lists.some((list) => isSet(list, claims.status.idx))) {
    return because("revoked", "The license file was revoked.");
  }
  if (now >= claims.exp) return because("expired", "The license file has ended.");
  return stateOfTerms(claims, check.app, new Date(now * 1000).toISOString().slice(0, 10));
}

/** The lists of the file, without those that are older than one that was seen. */
async function readLists({ status }: FileClaims, check: FileCheck): Promise<StatusList[]> {
  const lists: StatusList[] = [];
  for (const jws of check.lists) {
    try {
      const list = await readStatusList(jws, check.keys, check.verify);
      if (list.uri === status.uri) lists.push(list);
    } catch (error) {
      if (!(error instanceof InvalidTextError)) throw error;
    }
  }
  const latest = Math.max(check.seen[status.uri] ?? 0, ...lists.map(({ issuedAt }) => issuedAt));
  return lists.filter(({ issuedAt }) => issuedAt >= latest);
}

/** The state by the terms of the license, on a day. */
function stateOfTerms(claims: FileClaims, app: App, day: string): Omit<FileResult, "claims"> {
  const { license_ends: ends, grace_ends: grace, updates_until: updates, versions } = claims;
  if (versions !== null && !isVersionInRange(app.version, versions)) {
    return because("version_not_entitled", `The license includes the versions ${versions}.`);
  }
  if (updates !== null && app.released > updates) {
    return because("version_not_entitled", `The license includes releases until ${updates}.`);
  }
  if (ends === null || day <= ends) return because("valid", "The license is valid.");
  if (grace !== null && day <= grace) return because("grace", `The license expired on ${ends}.`);
  if (claims.after_expiry === "allow") return because("valid", "The license may be used after its last day.");
  if (claims.after_expiry === "refuse") return because("expired", `The license expired on ${ends}.`);
  return app.released <= (updates ?? ends)
    ? because("valid", "The license may be used after its last day with this version.")
    : because("version_not_entitled", `The license includes releases until ${updates ?? ends}.`);
}

function because(state: LicenseState, reason: string): Omit<FileResult, "claims"> {
  return { state, reason };
}
