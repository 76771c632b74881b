// What is examined of the licenses of a plan, and the report of it.
import type { ActivationRow } from "../activations/activation.ts";
import type { LicenseRow } from "../licenses/license.ts";
import type { DenialCode } from "../policy/evaluate.ts";
import type { Terms } from "../policy/inputs.ts";

/** A license with the terms that can be applied, and its active machines. */
export type ExaminedLicense = LicenseRow & {
  machines: (Pick<ActivationRow, "id" | "isActive" | "appVersion"> & {
    /** Milliseconds since 1970. */
    lastHeartbeat: number;
    /** Sessions in use. */
    seats: number;
  })[];
};

/** The values of terms, by their names. */
export type TermValues = Partial<Record<keyof Terms | "updatesUntil", unknown>>;

/** A license that changes. */
export interface TermsChange {
  id: number;
  before: TermValues;
  after: TermValues;
  /** The license before and after. */
  licenses: { before: ExaminedLicense; after: ExaminedLicense };
}

/** Something that would be refused. */
export interface RefusedSample {
  licenseId: number;
  /** The machine; null: the license, whatever the machine. */
  activationId: number | null;
}

export interface TermCounts {
  /** Licenses that get the plan's value. */
  changed: number;
  /** Licenses with a value that the plan never had. They change when they are overwritten, and only then. */
  overridden: number;
}

export interface PlanTermsReport {
  /** Licenses of the plan that were examined. */
  licenses: number;
  /** Licenses that change. */
  changed: number;
  /** Licenses that stay as they are, because the plan's values would contradict their own ones. */
  contradicting: number;
  /** Each term that differs anywhere. */
  terms: Partial<Record<keyof Terms, TermCounts>>;
  /** What is allowed before and refused after. */
  refused: { code: DenialCode; licenses: number; machines: number; samples: RefusedSample[] }[];
  /** Licenses that admit one more machine before, and none after. Active machines stay. */
  full: number;
  /** Licenses with more active machines than they admit, where there are more of these after than before; and how many. */
  overLimit: { licenses: number; machines: number };
  /** Active machines whose lease ends by the change. They return by themselves where there is room. */
  lapsing: number;
  /** Licenses on which a machine can start a session before, and cannot after. Sessions in use go on. */
  fullSeats: number;
  /** Meters of licenses that count units before, and none after, also as there is no such meter then. */
  fullMeters: number;
}

export function emptyReport(): PlanTermsReport {
  return {
    licenses: 0,
    changed: 0,
    contradicting: 0,
    terms: {},
    refused: [],
    full: 0,
    overLimit: { licenses: 0, machines: 0 },
    lapsing: 0,
    fullSeats: 0,
    fullMeters: 0,
  };
}
