// What the system does, by the names that its jobs have as actors of events. Other names are readable themselves.

const titles = new Map([
  ["change_scheduled_licenses", "scheduled change"],
  ["check_expiry", "expiration check"],
  ["check_usage", "usage check"],
  ["detect_anomalies", "anomaly detection"],
  ["end_leases", "end of leases"],
  ["prune_history", "data retention"],
  ["queue_customer_mails", "customer emails"],
  ["restore", "backup restore"],
  ["run_requested_jobs", "background job"],
]);

/** A name of the system in events, as it is shown: "anomaly detection". */
export function systemTitle(name: string): string {
  return titles.get(name) ?? name.replaceAll("_", " ");
}

/** The names whose titles contain a text. */
export function systemNamesTitled(text: string): string[] {
  return [...titles].filter(([, title]) => title.includes(text.toLowerCase())).map(([name]) => name);
}
