// A license file: signed claims that a machine uses its license by, without a connection, until the file expires.
import type { CalendarDay } from "../calendar.ts";
import type { PublicMetadata } from "../metadata.ts";
import type { Entitlements } from "../policy/entitlements.ts";
import type { MachineMatching } from "../policy/machine_matching.ts";
import type { LicenseState, LicenseTerms } from "../policy/terms.ts";
import type { StatusIndex } from "./status_index.ts";
import type { Claims } from "../signing/jws.ts";

/** The type of the JWS. */
export const FILE_TYPE = "license-file+jwt";

/** A row of `license_files`: the last file of an activation. */
export interface LicenseFileRow {
  activationId: number;
  licenseId: number;
  statusId: number;
  seq: number;
  shownSeq: number;
  issuedAt: Date;
  expiresAt: Date;
  isBorrowed: boolean;
  returnedAt: Date | null;
  clonedAt: Date | null;
  removedSeq: number;
}

/** What a file says. Times are seconds since 1970. */
export interface FileClaims {
  /** Where the server is reached. */
  issuer: string;
  issuedAt: number;
  expiresAt: number;
  id: string;
  seq: number;
  /** The product's code. */
  product: string;
  licenseId: number;
  activationId: number;
  /** The license's state on the day of issue. */
  state: LicenseState;
  licenseEnds: CalendarDay | null;
  graceEnds: CalendarDay | null;
  afterExpiry: LicenseTerms["afterExpiry"];
  updatesUntil: CalendarDay | null;
  /** Comparisons alone, which every app can read. */
  versions: string | null;
  maxUsers: number;
  entitlements: Entitlements;
  metadata: PublicMetadata;
  customer: { name: string; company: string | null };
  machine: MachineClaims;
  status: StatusIndex;
  /** The secret of the code by which the app gives its activation back, base64url. */
  removal: string;
}

/** How a machine is recognised by a file: salted hashes of what its app sent. */
export interface MachineClaims {
  match: MachineMatching;
  salt: string;
  fingerprint: string;
  components: Record<string, string>;
}

/** An issued file. */
export interface IssuedFile {
  /** The text of the file. */
  text: string;
  /** Under which it is saved. */
  name: string;
  id: string;
  seq: number;
  issuedAt: Date;
  expiresAt: Date;
}

/** Writes the claims of a file under the names of the wire. */
export type NameFileClaims = (claims: FileClaims) => Claims;
