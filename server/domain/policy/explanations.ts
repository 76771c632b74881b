// What each check found, in a sentence, and what would change the answer: for people who ask why a license is refused.
// Every check has an entry, and every failed one at least one remedy (tests/domain/explain_test.ts).
import { type CalendarDay, daysBetween, endOfPeriod, extendPeriod, type PeriodEnd } from "../calendar.ts";
import { replaceableFrom } from "./admission.ts";
import { admissionExplainedBy, meterExplanation } from "./admission_explanations.ts";
import type { CheckResult } from "./evaluate.ts";
import type { Explained, ExplainedFacts, Remedy } from "./explained.ts";
import { dayText, deviceText, remedy, timeText } from "./explanation_texts.ts";
import { stateOf } from "./expiry.ts";

function explainedBy(name: CheckResult["name"]): Explained {
  switch (name) {
    case "components_match":
    case "fingerprint_accepted":
    case "activated_once":
    case "new_device_limit":
      return admissionExplainedBy(name);
    case "meter_limit":
      return meterExplanation;
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
        passed: (_check, { license: { disableAt, disableReason } }) =>
          disableAt
            ? `The license is enabled. It will be disabled at ${timeText(disableAt)}${because(disableReason)}`
            : "The license is enabled.",
        failed: (_check, { license: { disabledReason, enableAt } }) =>
          `The license is disabled${because(disabledReason)}` +
          (enableAt ? ` It will be enabled at ${timeText(enableAt)}.` : ""),
        remedies: (_check, { license: { enableAt } }) => [
          remedy("enable_license", "Enable the license.", { isActive: true }),
          ...enableAt ? [remedy("wait", `Wait: the license will be enabled at ${timeText(enableAt)}.`)] : [],
        ],
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
          if (license.startsWith !== null) return describeStart(license);
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
        passed: ({ actual, limit }, { idleDevices: [idle], license: { replacementIdleDays } }) => {
          if (limit === null) return `${actual} activations are used; any number is admitted.`;
          const used = `${actual} of ${limit} activations are used.`;
          return idle
            ? `${used} A new device takes that of ${
              deviceText(idle)
            }, which was idle for ${replacementIdleDays} days or more.`
            : used;
        },
        failed: ({ actual, limit }, { idleDevices: [idle], license }) => {
          const used = `All activations are used: ${actual} of ${limit}.`;
          if (license.machineReplacement === "refuse" || !idle) return used;
          return Number(actual) > Number(limit)
            ? `${used} Idle devices are not replaced above the limit.`
            : `${used} A new device takes that of a device that is idle for ${license.replacementIdleDays} days; none is.`;
        },
        remedies: ({ actual, limit }, { idleDevices, license }) => {
          const maxActivations = Number(actual) + 1;
          const raise = remedy("raise_activation_limit", `Raise the activation limit to ${maxActivations}.`, {
            maxActivations,
          });
          if (idleDevices.length === 0) return [raise];
          const list = idleDevices.map(deviceText).join(", ");
          const from = replaceableFrom(idleDevices[0].lastHeartbeat, license.replacementIdleDays);
          const wait = license.machineReplacement === "longest_idle" && actual === limit
            ? [remedy(
              "wait",
              `Wait: a new device takes the activation of ${deviceText(idleDevices[0])} from ${
                timeText(from)
              } on, unless that one is heard of before.`,
            )]
            : [];
          return [raise, ...wait, {
            ...remedy("deactivate_device", `Deactivate one of these devices: ${list}.`),
            devices: idleDevices,
          }];
        },
      };
    case "seat_limit":
      return {
        passed: ({ actual, limit }, { license, seats }) =>
          seats.hasSeat
            ? "The device has a session, and gets it again."
            : `${actual} of ${limit} concurrent users are signed in${where(license)}.`,
        failed: ({ actual, limit }, { license, seats }) => {
          const waiting = seats.waiting > 0 ? ` ${seats.waiting} wait in the queue.` : "";
          return Number(actual) < Number(limit)
            ? `${actual} of ${limit} concurrent users are signed in${
              where(license)
            }; what is free is kept for the queue.${waiting}`
            : `All seats of concurrent users${where(license)} are in use: ${actual} of ${limit}.${waiting}`;
        },
        remedies: ({ actual }, { seats }) => {
          const maxUsers = Number(actual) + seats.waiting + 1;
          const queue = seats.hasQueue
            ? [remedy("wait", `Wait in the queue: the app would be number ${seats.waiting + 1}.`)]
            : [];
          return [
            remedy("raise_seat_limit", `Raise the limit of concurrent users to ${maxUsers}.`, { maxUsers }),
            ...queue,
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

/** When the first period of a license begins that waits for it, and how long it is. */
function describeStart({ startsWith, duration }: ExplainedFacts["license"]): string {
  const start = startsWith === "first_sign_in" ? "first sign-in" : startsWith!.replace("_", " ");
  return `The license starts with its ${start}` +
    (duration ? `, and is valid for ${duration} from that day.` : ", and never expires.");
}

/** A reason at the end of a sentence. */
function because(reason: string | null): string {
  return reason ? `: ${reason.replace(/\.$/, "")}.` : ".";
}

function where({ seatScope }: ExplainedFacts["license"]): string {
  return seatScope === "machine" ? " on this device" : "";
}
