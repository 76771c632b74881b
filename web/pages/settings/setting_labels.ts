// Titles, units and groups of the settings.
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
  seatTimeToLive: { title: "A silent seat is free after", unit: "seconds" },
  acceptImportedKeys: {
    title: "Imported keys",
    hint: "Enabled by importing such keys. Disable it only when none of them is in use any more.",
  },
  requireSecondFactor: {
    title: "Second factor for everybody",
    hint: "Each is asked to enable one at their next step. Have your own first.",
  },
  keepEventsFor: { title: "Keep the audit log for", unit: "days", zero: "forever" },
  keepDeliveriesFor: { title: "Keep webhook deliveries for", unit: "days" },
  keepStatisticsFor: { title: "Keep hourly statistics for", unit: "days" },
  keepMailsFor: { title: "Keep sent mail for", unit: "days" },
  keepJobsFor: { title: "Keep finished jobs for", unit: "days" },
  keepSessionsFor: { title: "Keep ended sessions of administrators for", unit: "days" },
  keepAlertsFor: { title: "Keep cleared alerts and resolved anomalies for", unit: "days", zero: "forever" },
  anomalyMachinesPerHour: { title: "New machines in an hour", unit: "machines" },
  anomalyNetworksPerDay: { title: "Networks in a day", unit: "networks" },
  anomalyRefusedHeartbeats: { title: "Refused heartbeats in ten minutes", unit: "heartbeats" },
  anomalyLicensesPerMachine: { title: "Licenses on one machine in a day", unit: "licenses" },
  anomalyMachineChangesPerDay: { title: "Changes of machine in a day", unit: "changes" },
  alertLoadPerCore: { title: "Load", unit: "per core" },
  alertQueueBacklog: { title: "Work that waits", unit: "jobs or deliveries" },
  alertAnomalies: { title: "Unresolved anomalies", unit: "anomalies" },
  trialPlan: { title: "Plan of trials" },
  appLink: {
    title: "Link that opens your app",
    hint: "{token} stands for the token.",
    form: "It needs a scheme such as myapp: or https:, and the word {token}.",
  },
  mailBrand: { title: "Name in emails" },
  mailLogo: { title: "Logo URL", form: "Enter a URL that begins with https://." },
  mailColor: { title: "Brand color", form: "Enter a color such as #2f54c4." },
  mailReplyTo: { title: "Reply-to address" },
  mailFooter: { title: "Footer" },
  mailLicenseDelivered: { title: "License delivered" },
  mailLicenseExpiring: { title: "License expiring" },
  mailLicenseExpired: { title: "License expired" },
  mailLicenseRenewed: { title: "License renewed" },
  mailLimitReached: { title: "Activation limit reached" },
  mailNewDevice: { title: "New device signed in" },
};

export const settingGroups: { title: string; hint: string; names: SettingName[] }[] = [
  { title: "Security", hint: "Who may do what.", names: ["requireSecondFactor"] },
  {
    title: "Seats and keys",
    hint: "How licenses are used and recognized.",
    names: ["seatTimeToLive", "acceptImportedKeys"],
  },
  {
    title: "Trial and app",
    hint: "What users of your app meet first.",
    names: ["trialPlan", "appLink"],
  },
  {
    title: "Retention",
    hint: "How long finished data is kept.",
    names: [
      "keepEventsFor",
      "keepDeliveriesFor",
      "keepStatisticsFor",
      "keepMailsFor",
      "keepJobsFor",
      "keepSessionsFor",
      "keepAlertsFor",
    ],
  },
  {
    title: "Anomalies",
    hint: "The limits above which use counts as suspicious.",
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
    hint: "The limits above which owners are alerted.",
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
      "mailLicenseExpired",
      "mailLicenseRenewed",
      "mailLimitReached",
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
  const number = new Intl.NumberFormat().format(value);
  return unit ? `${number} ${unit}` : number;
}
