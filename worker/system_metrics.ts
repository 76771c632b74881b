// Metrics of the whole system, read from the database when a worker's metrics are. Every worker reports the same values:
// take the maximum.
import { alertKinds, severities } from "../server/domain/monitoring/alerts.ts";
import { backlogNames, type SystemState, webhookStates } from "../server/domain/monitoring/system_state.ts";
import { eventReaderNames } from "../server/domain/events/readers.ts";
import type { MetricRegistry } from "../server/request/metric_registry.ts";
import { within } from "../server/request/within.ts";
import { jobs } from "./schedule.ts";

/** How long the database and Redis may take; milliseconds. */
const READ_WITHIN = 2000;

/**
 * Adds the metrics. While the database does not answer they have no values.
 *
 * @param read reads the state
 */
export function addSystemMetrics(registry: MetricRegistry, read: () => Promise<SystemState>): void {
  let reading: Promise<SystemState | null> | null = null;
  // The metrics of one answer share what is read.
  const state = () => reading ??= readInTime(read).finally(() => reading = null);
  const jobNames = jobs.map(({ name }) => name);

  registry.readGauge({
    name: "latchkey_backlog",
    help: "What is due and not done yet",
    labels: { name: backlogNames },
  }, async () => (await state())?.backlogs.map(({ name, waiting }) => [{ name }, waiting]) ?? []);
  registry.readGauge({
    name: "latchkey_backlog_oldest_seconds",
    help: "How long the oldest of what is due has been due",
    labels: { name: backlogNames },
  }, async () => (await state())?.backlogs.map(({ name, oldest }) => [{ name }, oldest]) ?? []);
  registry.readGauge({
    name: "latchkey_event_reader_lag_seconds",
    help: "Age of the oldest event that a reader has not read",
    labels: { reader: eventReaderNames },
  }, async () => (await state())?.readers.map(({ name, lag }) => [{ reader: name }, lag]) ?? []);
  registry.readGauge({
    name: "latchkey_webhooks",
    help: "Webhook endpoints by state",
    labels: { state: webhookStates },
  }, async () => (await state())?.webhooks.map(({ state, count }) => [{ state }, count]) ?? []);
  registry.readGauge(
    {
      name: "latchkey_open_alerts",
      help: "Alerts that are open in the panel",
      labels: { kind: alertKinds, severity: severities },
    },
    async () => (await state())?.alerts.map(({ kind, severity, count }) => [{ kind, severity }, count]) ?? [],
  );
  registry.readGauge({
    name: "latchkey_job_overdue_seconds",
    help: "For how long a scheduled job has been due",
    labels: { job: jobNames },
  }, async () => (await state())?.jobs.map(({ job, overdue }) => [{ job }, overdue]) ?? []);
  registry.readGauge({
    name: "latchkey_job_failures",
    help: "Failures of a scheduled job since it last succeeded",
    labels: { job: jobNames },
  }, async () => (await state())?.jobs.map(({ job, failures }) => [{ job }, failures]) ?? []);
  registry.readGauge({
    name: "latchkey_signing_key_age_seconds",
    help: "Age of the key that signs entitlement tokens; 0 before the first",
    labels: {},
  }, async () => [[{}, (await state())?.signingKeyAge ?? 0]]);
  registry.readGauge({
    name: "latchkey_backup_age_seconds",
    help: "Age of the newest backup made by deno task latchkey backup; 0 before the first",
    labels: {},
  }, async () => [[{}, (await state())?.backupAge ?? 0]]);
}

/** What a read returns; null when it fails or takes longer than two seconds, so that the other metrics are answered. */
export async function readInTime<T>(read: () => Promise<T>): Promise<T | null> {
  let found: T | null = null;
  await within(READ_WITHIN, read().then((value) => found = value));
  return found;
}
