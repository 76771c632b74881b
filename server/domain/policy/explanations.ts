// What each check found, in a sentence, and what would change the answer: for people who ask why a license is refused.
// Every check has an entry, and every failed one at least one remedy (tests/domain/explain_test.ts).
import {
  type CalendarDay,
  dayOf,
  daysBetween,
  endOfPeriod,
  extendPeriod,
  type PeriodEnd,
} from "../calendar.ts";
import { stateOf } from "./expiry.ts";
import type { CheckResult } from "./evaluate.ts";
import type { Terms } from "./inputs.ts";
import type { LicenseTerms } from "./terms.ts";

/** A change after which the check passes. */
export interface Remedy {
  action:
    | "restore_license"
    | "enable_license"
    | "wait"
    | "change_first_day"
    | "renew"
    | "change_last_day"
    | "change_versions"
    | "change_last_update_day"
    | "install_version"
    | "activate_device"
    | "raise_activation_limit"
    | "deactivate_device"
    | "raise_seat_limit"
    | "end_seat";
  sentence: string;
  /** The values to set, where it is an update of the license. */
  changes: Partial<LicenseTerms> | null;
  /** The devices of which one has to be deactivated. */
  devices: ExplainedDevice[];
}

/** A device that could be deactivated. */
export interface ExplainedDevice {
  id: number;
  hardwareId: string;
  machineName: string | null;
  lastHeartbeat: Date;
}

/** What the sentences are made of. */
export interface ExplainedFacts {
  license:
    & LicenseTerms
    & Pick<PeriodEnd, "anchorDay">
    & Pick<Terms, "duration" | "renewalBasis">
    & { restorableUntil: Date | null; disabledReason?: string | null };
  /** The day in UTC that is explained. */
  day: CalendarDay;
  /** Whether the machine could be activated. */
  mayActivate: boolean;
  /** The device's lease: when it was heard of last, and when it ends. Null without a lease, and for an unknown device. */
  lease: { length: string; lastHeartbeat: Date; ends: Date } | null;
  /** Active devices, the one that was idle longest first. */
  idleDevices: ExplainedDevice[];
}

interface Explained {
  passed(check: CheckResult, facts: ExplainedFacts): string;
  failed(check: CheckResult, facts: ExplainedFacts): string;
  remedies(check: CheckResult, facts: ExplainedFacts): Remedy[];
}

function explainedBy(name: CheckResult["name"]): Explained {
  switch (name) {
    case "not_deleted":
      return {
        passed: () => "The license is not deleted.",
        failed: (_check, { license }) => `The license was deleted on ${dayText(license.deletedAt)}.`,
        remedies: (_check, { license }) => [
          remedy("restore_license", `Restore the license, until ${dayText(license.restorableUntil)}.`),
        ],
      };
    case "enabled":
      return {
        passed: () => "The license is enabled.",
        failed: (_check, { license: { disabledReason } }) =>
          disabledReason ? `The license is disabled: ${disabledReason}` : "The license is disabled.",
        remedies: () => [remedy("enable_license", "Enable the license.", { isActive: true })],
      };
    case "started":
      return {
        passed: ({ limit }) => `The license started on ${limit}.`,
        failed: ({ limit }) => `The license starts on ${limit}.`,
        remedies: ({ limit }, { day }) => [
          remedy("change_first_day", `Set the first day to ${day} or earlier.`, { validFrom: day }),
          remedy("wait", `Wait: the license is valid from ${limit}.`),
        ],
      };
    case "not_expired":
      return {
        passed: ({ limit }, { license, day }) => {
          if (limit === null) return "The license never expires.";
          switch (stateOf({ ...license, isActive: true }, day)) {
            case "in_grace":
              return `The license ended on ${license.validUntil}; its grace period ends on ${limit}.`;
            case "expired":
              return `The license expired after ${limit}, and its terms allow its use.`;
            default:
              return `The license is valid until ${license.validUntil}.`;
          }
        },
        failed: ({ limit }) => `The license expired after ${limit}.`,
        remedies: (_check, { license, day }) => [
          ...renewals(license, day),
          remedy("change_last_day", `Set the last day to ${day} or later, or to never.`, { validUntil: day }),
        ],
      };
    case "version_covered":
      return {
        passed: ({ actual, limit }) =>
          actual === null
            ? `The app has reported no version. The license covers ${limit}.`
            : `Version ${actual} is covered by ${limit}.`,
        failed: ({ actual, limit }) => `Version ${actual} is outside the versions of the license, ${limit}.`,
        remedies: ({ limit }) => [
          remedy("install_version", `Install a version within ${limit}.`),
          remedy("change_versions", "Change the versions of the license, or cover any.", { versions: null }),
        ],
      };
    case "updates_included":
      return {
        passed: ({ actual, limit }) =>
          actual === null
            ? `Releases until ${limit} are included; the app's version is none of the releases.`
            : `The app's version was released on ${actual}; releases until ${limit} are included.`,
        failed: ({ actual, limit }) =>
          `The app's version was released on ${actual}, after the last day of updates, ${limit}.`,
        remedies: ({ actual, limit }) => [
          remedy("install_version", `Install a version that was released on ${limit} or earlier.`),
          remedy("change_last_update_day", `Set the last day of updates to ${actual} or later.`, {
            updatesUntil: actual as CalendarDay,
          }),
        ],
      };
    case "activated":
      return {
        passed: (_check, { lease }) => {
          const sentence = "The license is activated on this device.";
          return lease
            ? `${sentence} It was last heard of at ${timeText(lease.lastHeartbeat)} and lapses at ${
              timeText(lease.ends)
            } unless it verifies or sends a heartbeat before.`
            : sentence;
        },
        failed: ({ actual }, { lease }) => {
          if (actual === "lapsed") {
            return lease
              ? `The activation lapsed: the device was last heard of at ${
                timeText(lease.lastHeartbeat)
              }, longer ago than its lease of ${lease.length}.`
              : "The activation lapsed: the device was not heard of for its lease.";
          }
          return actual === "inactive"
            ? "The license was deactivated on this device."
            : "The license is not activated on this device.";
        },
        remedies: ({ actual }, { mayActivate }) => {
          if (actual === "lapsed") {
            return [remedy(
              "activate_device",
              mayActivate
                ? "Start the app on this device: its next verification or heartbeat activates it again."
                : "Correct the other checks: the next verification of this device activates it again.",
            )];
          }
          const again = actual === "inactive" ? " again" : "";
          return [remedy(
            "activate_device",
            mayActivate
              ? `Activate the license on this device${again}.`
              : `Correct the other checks, then activate the license on this device${again}.`,
          )];
        },
      };
    case "activation_limit":
      return {
        passed: ({ actual, limit }) =>
          limit === null
            ? `${actual} activations are used; any number is admitted.`
            : `${actual} of ${limit} activations are used.`,
        failed: ({ actual, limit }) => `All activations are used: ${actual} of ${limit}.`,
        remedies: ({ actual }, { idleDevices }) => {
          const maxActivations = Number(actual) + 1;
          const raise = remedy("raise_activation_limit", `Raise the activation limit to ${maxActivations}.`, {
            maxActivations,
          });
          if (idleDevices.length === 0) return [raise];
          const list = idleDevices.map(({ machineName, hardwareId, lastHeartbeat }) =>
            `${machineName ?? hardwareId} (last seen ${dayText(lastHeartbeat)})`
          ).join(", ");
          return [raise, {
            ...remedy("deactivate_device", `Deactivate one of these devices: ${list}.`),
            devices: idleDevices,
          }];
        },
      };
    case "seat_limit":
      return {
        passed: ({ actual, limit }) => `${actual} of ${limit} concurrent users are signed in.`,
        failed: ({ actual, limit }) => `All seats of concurrent users are in use: ${actual} of ${limit}.`,
        remedies: ({ actual }) => {
          const maxUsers = Number(actual) + 1;
          return [
            remedy("raise_seat_limit", `Raise the limit of concurrent users to ${maxUsers}.`, { maxUsers }),
            remedy("end_seat", "End a session of another device, or wait until one ends."),
          ];
        },
      };
  }
}

/** What a check found, in a sentence. */
export function describeCheck(check: CheckResult, facts: ExplainedFacts): string {
  const { passed, failed } = explainedBy(check.name);
  return (check.passed ? passed : failed)(check, facts);
}

/** What would make a check pass, the most usual first; nothing for one that passes. */
export function remediesOf(check: CheckResult, facts: ExplainedFacts): Remedy[] {
  return check.passed ? [] : explainedBy(check.name).remedies(check, facts);
}

/** As many periods of the license as it takes to be valid on the day. */
function renewals(license: ExplainedFacts["license"], day: CalendarDay): Remedy[] {
  const { validUntil, anchorDay, duration, renewalBasis } = license;
  if (duration === null || validUntil === null) return [];
  const renewal = (end: PeriodEnd, periods: number) => {
    const times = periods === 1 ? "" : ` ${periods} times`;
    const sentence = `Renew${times} for ${duration}: it would be valid until ${end.validUntil}.`;
    return [remedy("renew", sentence, { validUntil: end.validUntil })];
  };
  if (renewalBasis !== "expiry") {
    const end = endOfPeriod(day, duration);
    return end ? renewal(end, 1) : [];
  }
  let end: PeriodEnd | null = { validUntil, anchorDay };
  for (let periods = 1; (end = extendPeriod(end, duration)) !== null; periods++) {
    if (daysBetween(day, end.validUntil) >= 0) return renewal(end, periods);
  }
  return [];
}

function remedy(action: Remedy["action"], sentence: string, changes: Remedy["changes"] = null): Remedy {
  return { action, sentence, changes, devices: [] };
}

/** "2030-01-31 10:00 UTC". */
function timeText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function dayText(at: Date | null): string {
  return at === null ? "now" : dayOf(at);
}
