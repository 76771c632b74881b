// Which settings want re-authentication: those that could hand over accounts or destroy evidence.
import type { SettingName } from "./schema.ts";

/** Complete by its type: a new setting does not compile without a decision. */
export const isSensitiveSetting: Record<SettingName, boolean> = {
  acceptImportedKeys: false,
  alertAnomalies: false,
  alertLoadPerCore: false,
  alertQueueBacklog: false,
  anomalyLicensesPerMachine: false,
  anomalyMachineChangesPerDay: false,
  anomalyMachinesPerHour: false,
  anomalyNetworksPerDay: false,
  anomalyRefusedHeartbeats: false,
  // The token of a sign-in link is sent where it leads.
  appLink: true,
  // Shortening it deletes what an attack looked like.
  keepAlertsFor: true,
  keepApiRequestsFor: true,
  keepDeliveriesFor: false,
  // Shortening it deletes the audit log.
  keepEventsFor: true,
  keepJobsFor: false,
  keepMailsFor: false,
  keepSessionsFor: true,
  keepStatisticsFor: false,
  // What mail looks like, and who gets the answers to it: a phishing mail would be sent in our name.
  mailBrand: true,
  mailColor: true,
  mailFooter: true,
  mailLicenseDelivered: false,
  mailLicenseExpired: false,
  mailLicenseExpiring: false,
  mailLicenseInGrace: false,
  mailLicenseRenewed: false,
  mailLimitReached: false,
  mailLogo: true,
  // Without it the owner of an account does not see a sign-in of someone else.
  mailNewDevice: true,
  mailReplyTo: true,
  mailUsageReached: false,
  maxApiRequests: true,
  // Signatures are the same, whatever the algorithm is called.
  olderTokenAlgorithm: false,
  requireSecondFactor: true,
  trialPlan: false,
};
