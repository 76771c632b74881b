// Titles, units and groups of the settings.
import { formatNumber } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";

export type Setting = Outputs["settings"]["list"][number];
export type SettingName = Setting["name"];

export interface SettingLabels {
  title: string;
  /** The unit of a number: "seconds". */
  unit?: string;
  /** What 0 means, where it is no number of units. */
  zero?: string;
  /** A hint in addition to the API's description. */
  hint?: string;
  /** The message for a text that does not match the pattern. */
  form?: string;
}

/** Complete by its type: a new setting does not compile without a label. */
export const settingLabels: Record<SettingName, SettingLabels> = {
  acceptImportedKeys: {
    title: "Accept imported keys",
    hint: "Turned on when a key is imported. Turn it off only when no imported key is in use.",
  },
  olderTokenAlgorithm: {
    title: "Entitlement tokens for older apps",
    hint: "Turn it off when all apps accept Ed25519 as the algorithm.",
  },
  requireSecondFactor: {
    title: "Require 2FA for all members",
    hint: "Members are asked to set it up at their next request. Set up your own first.",
  },
  keepEventsFor: { title: "Keep the audit log for", unit: "days", zero: "forever" },
  keepDeliveriesFor: { title: "Keep webhook deliveries for", unit: "days" },
  keepStatisticsFor: { title: "Keep hourly statistics for", unit: "days" },
  keepMailsFor: { title: "Keep sent emails for", unit: "days" },
  keepJobsFor: { title: "Keep finished jobs for", unit: "days" },
  keepSessionsFor: { title: "Keep ended administrator sessions for", unit: "days" },
  keepAlertsFor: { title: "Keep resolved alerts and anomalies for", unit: "days", zero: "forever" },
  keepApiRequestsFor: { title: "Keep API requests for", unit: "days", zero: "none" },
  maxApiRequests: { title: "API requests kept at most", unit: "requests" },
  anomalyMachinesPerHour: { title: "New devices per hour", unit: "devices" },
  anomalyNetworksPerDay: { title: "Networks per day", unit: "networks" },
  anomalyRefusedHeartbeats: { title: "Rejected heartbeats in 10 minutes", unit: "heartbeats" },
  anomalyLicensesPerMachine: { title: "Licenses per device and day", unit: "licenses" },
  anomalyMachineChangesPerDay: { title: "Device swaps per day", unit: "swaps" },
  alertLoadPerCore: { title: "CPU load", unit: "per core" },
  alertQueueBacklog: { title: "Queue backlog", unit: "jobs or deliveries" },
  alertAnomalies: { title: "Unresolved anomalies", unit: "anomalies" },
  trialPlan: { title: "Trial plan" },
  appLink: {
    title: "App deep link",
    hint: "{token} is replaced by the sign-in token.",
    form: "Enter a URL with a scheme such as myapp: or https:, and {token}.",
  },
  mailBrand: { title: "Name in emails and account pages" },
  mailLogo: { title: "Logo URL", form: "Enter a URL that begins with https://." },
  mailColor: { title: "Brand color", form: "Enter a color such as #2f54c4." },
  mailReplyTo: { title: "Reply-to address" },
  mailFooter: { title: "Footer" },
  mailLicenseDelivered: { title: "License delivered" },
  mailLicenseExpiring: { title: "License expiring" },
  mailLicenseInGrace: { title: "License in grace period" },
  mailLicenseExpired: { title: "License expired" },
  mailLicenseRenewed: { title: "License renewed" },
  mailLimitReached: { title: "Activation limit reached" },
  mailUsageReached: { title: "Metered use" },
  mailNewDevice: { title: "New device signed in" },
};

export const settingGroups: { title: string; hint: string; names: SettingName[] }[] = [
  { title: "Security", hint: "Sign-in requirements.", names: ["requireSecondFactor"] },
  {
    title: "Keys",
    hint: "How licenses are validated.",
    names: ["acceptImportedKeys", "olderTokenAlgorithm"],
  },
  {
    title: "Trials and app",
    hint: "The first sign-in of your app's users.",
    names: ["trialPlan", "appLink"],
  },
  {
    title: "Data retention",
    hint: "How long finished data is kept.",
    names: [
      "keepEventsFor",
      "keepDeliveriesFor",
      "keepStatisticsFor",
      "keepMailsFor",
      "keepJobsFor",
      "keepSessionsFor",
      "keepAlertsFor",
      "keepApiRequestsFor",
      "maxApiRequests",
    ],
  },
  {
    title: "Anomalies",
    hint: "Detection thresholds",
    names: [
      "anomalyMachinesPerHour",
      "anomalyNetworksPerDay",
      "anomalyRefusedHeartbeats",
      "anomalyLicensesPerMachine",
      "anomalyMachineChangesPerDay",
    ],
  },
  {
    title: "Alerts",
    hint: "Alert thresholds",
    names: ["alertLoadPerCore", "alertQueueBacklog", "alertAnomalies"],
  },
  {
    title: "Email appearance",
    hint: "How all emails look. Templates are on the next tab.",
    names: ["mailBrand", "mailLogo", "mailColor", "mailReplyTo", "mailFooter"],
  },
  {
    title: "Emails to customers",
    hint: "Every email has a link to unsubscribe. Deleted customers and disabled users get none.",
    names: [
      "mailLicenseDelivered",
      "mailLicenseExpiring",
      "mailLicenseInGrace",
      "mailLicenseExpired",
      "mailLicenseRenewed",
      "mailLimitReached",
      "mailUsageReached",
      "mailNewDevice",
    ],
  },
];

/** A value as text. */
export function valueOf(value: Setting["value"], name: SettingName): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string") return value === "" ? "empty" : value;
  const { unit, zero } = settingLabels[name];
  if (value === 0 && zero) return zero;
  const number = formatNumber(value);
  return unit ? `${number} ${unit}` : number;
}
