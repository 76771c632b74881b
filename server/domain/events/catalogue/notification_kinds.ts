// The kinds of notifications to administrators. The panel imports them, too.

export interface NotificationKindDefinition {
  title: string;
  /** What one is about. */
  description: string;
  /** Whether it also comes by email: it is about alerts. */
  isMailed: boolean;
  /** Whether an administrator can turn it off in the panel. */
  isOptional: boolean;
}

const definitions = {
  system: {
    title: "System alerts",
    description: "High load, Redis, the database, queues and clocks",
    isMailed: true,
    isOptional: true,
  },
  webhooks: {
    title: "Webhooks",
    description: "Endpoints that fail, were disabled or get their deliveries late",
    isMailed: true,
    isOptional: true,
  },
  mail: {
    title: "Email delivery",
    description: "Emails that could not be delivered, and a mail server that accepts none",
    isMailed: true,
    isOptional: true,
  },
  anomalies: {
    title: "Anomalies",
    description: "Each anomaly; by email, once many of them are unresolved",
    isMailed: true,
    isOptional: true,
  },
  jobs: {
    title: "Jobs",
    description: "Your imports and other jobs that failed or skipped rows",
    isMailed: false,
    isOptional: true,
  },
  account: {
    title: "Security of your account",
    description: "Sign-ins from a new browser, failed sign-ins and a changed password",
    isMailed: false,
    isOptional: false,
  },
} as const satisfies Record<string, NotificationKindDefinition>;

export type NotificationKind = keyof typeof definitions;

export const notificationKinds: Readonly<Record<NotificationKind, NotificationKindDefinition>> = definitions;

export const notificationKindNames = [
  "system",
  "webhooks",
  "mail",
  "anomalies",
  "jobs",
  "account",
] as const satisfies readonly NotificationKind[];

/** By the kind of the alert. */
export const kindsOfAlerts: Readonly<Record<string, NotificationKind>> = {
  load: "system",
  redis: "system",
  queue: "system",
  database: "system",
  webhook: "webhooks",
  anomalies: "anomalies",
  mail: "mail",
  clock: "system",
};

/** The kind that an alert is of. */
export function kindOfAlert({ kind, subject }: { kind: string; subject: string }): NotificationKind {
  if (kind === "queue" && subject.startsWith("webhook ")) return "webhooks";
  return Object.hasOwn(kindsOfAlerts, kind) ? kindsOfAlerts[kind] : "system";
}
