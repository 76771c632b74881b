// What a license is, and in which state it is on a given day.
import type { LicenseType } from "../products/products.ts";

export type LicenseState = "active" | "inactive" | "not_yet_valid" | "expired";

/** A row of `licenses`. */
export interface LicenseRow {
  id: number;
  key: string;
  keyDigest: Uint8Array;
  productId: number;
  customerId: number;
  /** The account that reaches it by signing in. */
  userId: number | null;
  planId: number | null;
  type: LicenseType;
  isActive: boolean;
  /** Calendar days in UTC, "2026-01-31"; both are inside. No last day is no end. */
  validFrom: string;
  validUntil: string | null;
  maxActivations: number;
  maxUsers: number;
  activationsInUse: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
  /** When it is next told that it ends or has ended; see expire.ts. */
  nextNoticeOn: string | null;
}

/** What decides over a license's state. */
export type Terms = Pick<LicenseRow, "isActive" | "validFrom" | "validUntil">;

/**
 * The state of a license on a day.
 *
 * @param day "2026-01-31", in UTC
 */
export function stateOn(day: string, terms: Terms): LicenseState {
  if (!terms.isActive) return "inactive";
  // Days in this form sort as text in the order of time.
  if (day < terms.validFrom) return "not_yet_valid";
  if (terms.validUntil !== null && day > terms.validUntil) return "expired";
  return "active";
}
