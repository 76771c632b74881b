// The names of the terms of plans and licenses.
import type { Terms } from "../../../server/domain/policy/inputs.ts";

export const termLabels: Record<keyof Terms, string> = {
  maxActivations: "Activation limit",
  maxUsers: "Concurrent users",
  duration: "Duration",
  expiryBasis: "Start of the first period",
  renewalBasis: "Start of a renewal",
  graceDays: "Days of grace",
  afterExpiry: "After expiry",
  updates: "Included updates",
  versions: "Covered versions",
  machineOverage: "Devices beyond the limit",
  machineLease: "Time without a heartbeat",
  machineReplacement: "Replacement of devices",
  replacementIdleDays: "Days until a device can be replaced",
  maxNewMachines: "New devices in 30 days",
  machineMatching: "Matching of components",
  machineUniqueness: "Uniqueness of devices",
  seatScope: "Scope of concurrent users",
  seatTtl: "Seconds until a session ends",
  seatQueue: "Queue for concurrent users",
  offlineDays: "Days of a license file",
  offlineBorrowing: "Borrowing",
  entitlements: "Entitlements",
  meters: "Metered use",
  trialPer: "Trials",
};
