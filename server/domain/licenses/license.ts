// A license: a row of `licenses`.
import type { LicenseType } from "../plans/plans.ts";

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
  nextExpiryNoticeOn: string | null;
}
