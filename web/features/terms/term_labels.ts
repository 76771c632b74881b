// How the terms of plans and licenses are called, what each means, and how a value is shown.
import type { Terms } from "../../../server/domain/policy/inputs.ts";
import { formatDuration, formatNumber } from "../../lib/format.ts";
import { describeMeters } from "../meters/meter_labels.ts";
import { describeEntitlements } from "./entitlements.ts";

/** A field of a form for a term. */
export interface TermField {
  label: string;
  /** A sentence that explains it. */
  hint: string;
  /** The choices of one that has a few values. */
  options?: readonly (readonly [value: string, title: string])[];
  /** What a blank field means. */
  blank?: string;
}

export const termFields: Record<keyof Terms, TermField> = {
  maxActivations: { label: "Activation limit", hint: "Max. devices" },
  maxUsers: { label: "Concurrent users", hint: "Max. simultaneous sessions" },
  duration: { label: "Duration", hint: "Length of one period; a renewal adds another.", blank: "Perpetual" },
  expiryBasis: {
    label: "First period begins",
    hint: "Until then the license is active and has no expiration date.",
    options: [
      ["issue", "When the license is issued"],
      ["first_activation", "With the first activation"],
      ["first_validation", "With the first validation"],
      ["first_sign_in", "With the first sign-in"],
    ],
  },
  renewalBasis: {
    label: "A renewal counts from",
    hint: "Where the next period begins when the license is renewed.",
    options: [
      ["expiry", "The expiration date"],
      ["now", "The day of the renewal"],
      ["now_if_expired", "The day of the renewal if expired"],
    ],
  },
  graceDays: {
    label: "Days of grace",
    hint: "Days after the expiration date on which the license stays valid, with the code GRACE_PERIOD.",
  },
  afterExpiry: {
    label: "Once expired",
    hint: "What apps may do after the end and the days of grace.",
    options: [
      ["refuse", "Nothing: it is refused"],
      ["entitled_versions", "Use versions released while updates were included"],
      ["allow", "Everything, as before"],
    ],
  },
  updates: {
    label: "Updates are included for",
    hint: "Later releases are neither offered nor valid.",
    blank: "As long as the license",
  },
  versions: {
    label: "Versions",
    hint: "A range such as >=2.0.0 <3.0.0. Leave blank for any version.",
    blank: "Any",
  },
  machineOverage: {
    label: "Devices beyond the limit, in percent",
    hint: "Activations that are admitted above the limit and recorded. Leave blank for any number.",
    blank: "Any number",
  },
  machineLease: {
    label: "An activation lapses after",
    hint: "A device without a heartbeat for so long frees its activation, and gets it back when it returns.",
    blank: "Never",
  },
  machineReplacement: {
    label: "When the limit is reached, a new device",
    hint: "Whether it takes the activation of one that is no longer used.",
    options: [
      ["refuse", "Is refused"],
      ["longest_idle", "Replaces the one idle longest"],
    ],
  },
  replacementIdleDays: {
    label: "Idle days before a device is replaced",
    hint: "Days without a heartbeat.",
  },
  maxNewMachines: {
    label: "New devices within 30 days",
    hint: "Limits how often devices change. Leave blank for any number.",
    blank: "Any number",
  },
  machineMatching: {
    label: "A device is recognized by",
    hint: "Apps can send hashed components, so that a device with a new disk stays the same device.",
    options: [
      ["exact", "Its fingerprint"],
      ["any", "One equal component"],
      ["two", "Two equal components"],
      ["most", "Most components"],
      ["all", "All components"],
    ],
  },
  machineUniqueness: {
    label: "A device can be activated once within",
    hint: "Where the same device may not appear a second time.",
    options: [
      ["license", "The license"],
      ["plan", "The plan"],
      ["product", "The product"],
      ["customer", "The customer"],
    ],
  },
  seatScope: {
    label: "Users are counted for",
    hint: "Whether the limit is shared by all devices.",
    options: [["license", "The license"], ["machine", "Each device"]],
  },
  seatTtl: {
    label: "A session ends after, in seconds",
    hint: "Without a heartbeat of the app for so long.",
  },
  seatQueue: {
    label: "Wait in a queue",
    hint: "An app that finds the limit reached gets a place in a queue, first come first served.",
  },
  offlineDays: {
    label: "Days without a connection",
    hint: "Until a license file expires, which an app renews whenever it is online. 0: no license files.",
  },
  offlineBorrowing: {
    label: "Borrowing",
    hint:
      "A license file keeps the activation of its device until it ends, although the device is not heard of.",
  },
  entitlements: { label: "Entitlements", hint: "What the app may do. Type a name and press Enter." },
  meters: { label: "Metered use", hint: "What apps count, such as exports, with a limit for each period." },
  trialPer: {
    label: "A trial can be started once for each",
    hint: "Per product. For devices, apps without accounts can start it themselves.",
    options: [
      ["none", "No restriction"],
      ["user", "User"],
      ["machine", "Device"],
      ["customer", "Customer"],
    ],
  },
};

/** A value of a term as text. */
export function describeTerm(name: keyof Terms, value: unknown): string {
  const { options, blank } = termFields[name];
  if (value === null || value === undefined) return blank ?? "–";
  if (name === "entitlements") return describeEntitlements(value);
  if (name === "meters") return describeMeters(value as Terms["meters"]);
  if (options) return options.find(([option]) => option === value)?.[1] ?? String(value);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "number") return formatNumber(value);
  return name === "versions" ? String(value) : formatDuration(String(value));
}

/** A value of a term as text that is understood without its field: a number, a duration or "Yes" with its label. */
export function labelledTerm(name: keyof Terms, value: unknown): string {
  const { label, options } = termFields[name];
  const text = describeTerm(name, value);
  return options || name === "entitlements" || name === "meters" ? text : `${label}: ${text}`;
}
