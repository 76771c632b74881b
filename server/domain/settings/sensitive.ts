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
  keepDeliveriesFor: false,
  // Shortening it deletes the audit log.
  keepEventsFor: true,
  keepJobsFor: false,
  keepMailsFor: false,
  keepSessionsFor: true,
  keepStatisticsFor: false,
  requireSecondFactor: true,
  seatTimeToLive: false,
  trialPlan: false,
};
