// The settings an owner can change while the system runs: type, allowed values, default and description of each.
import { z } from "zod";
import { parseEmail } from "../email_address.ts";
import { isOneLine } from "../text.ts";
import { APP_LINK_FORM, appLinkPattern, isAppLink } from "./app_link.ts";

const oneLine = (maxLength: number) => z.string().trim().max(maxLength).refine(isOneLine, "one line of text");
const REPLY_FORM = "an email address, or empty";
const LOGO_FORM = "an address that begins with https://, or empty";

export const settingsSchema = z.object({
  acceptImportedKeys: z.boolean().default(false).describe(
    "Whether keys in the standard form with a wrong checksum are looked up, which imported keys may need",
  ),
  requireSecondFactor: z.boolean().default(false).describe(
    "Whether all administrators must use two-factor authentication",
  ),
  keepEventsFor: z.int().min(0).max(36_500).refine((days) => days === 0 || days >= 30, "0 or at least 30")
    .default(0).describe("Days the audit log is kept, at least 30; 0 keeps it forever"),
  keepDeliveriesFor: z.int().min(1).max(3650).default(30).describe(
    "Days finished webhook deliveries are kept for inspection and replay",
  ),
  keepStatisticsFor: z.int().min(7).max(3650).default(90).describe(
    "Days hourly statistics are kept; daily statistics are kept forever",
  ),
  keepMailsFor: z.int().min(1).max(3650).default(30).describe(
    "Days sent and failed emails are kept, without their text",
  ),
  keepJobsFor: z.int().min(1).max(3650).default(30).describe(
    "Days finished jobs are kept, with the rejected rows of imported files",
  ),
  keepSessionsFor: z.int().min(1).max(3650).default(30).describe(
    "Days ended sessions of administrators are kept, with their network addresses, and ended invitations",
  ),
  keepAlertsFor: z.int().min(0).max(36_500).default(0).describe(
    "Days resolved alerts and anomalies are kept; 0 keeps them forever",
  ),
  keepApiRequestsFor: z.int().min(0).max(90).default(7).describe(
    "Days API requests are kept in the request log; 0 keeps none",
  ),
  maxApiRequests: z.int().min(1000).max(20_000_000).default(500_000).describe(
    "API requests kept at most, about 1 kB each; the oldest are deleted first",
  ),
  anomalyMachinesPerHour: z.int().min(1).max(100_000).default(5).describe(
    "New devices on a license within an hour above which an anomaly is reported",
  ),
  anomalyNetworksPerDay: z.int().min(1).max(100_000).default(3).describe(
    "Networks (/24 or /48) a license is activated from within a day above which an anomaly is reported",
  ),
  anomalyRefusedHeartbeats: z.int().min(1).max(100_000).default(10).describe(
    "Rejected heartbeats of an activation within ten minutes above which an anomaly is reported",
  ),
  anomalyLicensesPerMachine: z.int().min(2).max(100_000).default(3).describe(
    "Licenses activated on one device within a day from which an anomaly is reported",
  ),
  anomalyMachineChangesPerDay: z.int().min(1).max(100_000).default(3).describe(
    "Times a license moves from one device to another within a day above which an anomaly is reported",
  ),
  alertLoadPerCore: z.number().min(0.1).max(100).default(2).describe(
    "Load per processor core of a server above which owners are alerted",
  ),
  alertQueueBacklog: z.int().min(1).max(10_000_000).default(1000).describe(
    "Waiting jobs or deliveries above which owners are alerted",
  ),
  alertAnomalies: z.int().min(1).max(1_000_000).default(10).describe(
    "Unresolved anomalies from which owners are alerted",
  ),
  trialPlan: z.string().max(63).default("trial").describe(
    "Code of the plan for trials, which start at a user's first sign-in with a device, once per user; empty for none",
  ),
  olderTokenAlgorithm: z.boolean().default(true).describe(
    "Whether entitlement tokens name their algorithm EdDSA, which all apps know, instead of Ed25519 (RFC 9864)",
  ),
  appLink: z.string().max(255).regex(appLinkPattern, APP_LINK_FORM).refine(isAppLink, APP_LINK_FORM).default(
    "uploadbridge://magic-link?token={token}",
  ).describe("URL that opens the app with the token of a sign-in link; empty for none"),
  mailBrand: oneLine(80).min(1).default("Latchkey").describe(
    "Name at the top and at the end of emails, and on the account pages of users",
  ),
  mailLogo: z.string().trim().max(500).regex(/^(https:\/\/[^\s"'<>]+)?$/, LOGO_FORM).default("").describe(
    "URL of an image at the top of emails, 40 pixels high; empty for the name",
  ),
  mailColor: z.string().regex(/^#[0-9a-fA-F]{6}$/, "a color such as #2f54c4").default("#2f54c4").describe(
    "Color of buttons and links in emails",
  ),
  mailReplyTo: z.string().trim().max(254).refine(
    (text) => text === "" || parseEmail(text) !== null,
    REPLY_FORM,
  ).default("").describe("Address for replies to emails; empty for MAIL_FROM"),
  mailFooter: oneLine(300).default("").describe(
    "Line at the end of emails, such as company and postal address, which the law requires in many countries",
  ),
  mailLicenseDelivered: z.boolean().default(false).describe(
    "Whether customers are emailed the key of a license that is created for them, except for imported keys and background jobs",
  ),
  mailLicenseExpiring: z.boolean().default(false).describe(
    "Whether customers are reminded 30, 7 and 1 days before a license expires",
  ),
  mailLicenseInGrace: z.boolean().default(false).describe(
    "Whether customers are emailed when a license has ended and works for the days of its grace period",
  ),
  mailLicenseExpired: z.boolean().default(false).describe(
    "Whether customers are emailed when a license has expired",
  ),
  mailLicenseRenewed: z.boolean().default(false).describe(
    "Whether customers are emailed when a license is renewed",
  ),
  mailLimitReached: z.boolean().default(false).describe(
    "Whether customers are emailed when all activations of a license are used, at most once a day",
  ),
  mailUsageReached: z.boolean().default(false).describe(
    "Whether customers are emailed when 80, 90 or 100 percent of a meter's limit are used",
  ),
  mailNewDevice: z.boolean().default(true).describe(
    "Whether users are emailed when a device that is new to their license signs in",
  ),
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

export const defaultSettings: Settings = settingsSchema.parse({});
