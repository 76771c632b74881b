// What notifications say, and where they lead.
import type { NotificationFacts } from "../../../server/domain/events/notifications/sources.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { formatCount, formatMoment } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { describeUserAgent } from "../../lib/user_agents.ts";
import type { Tone } from "../../ui/Badge.tsx";
import { hasRole } from "../account/session.ts";
import { anomalyTitle, describeAnomaly } from "../anomalies/anomaly_labels.ts";
import { jobTitle } from "../jobs/job_labels.ts";

export type Notification = Outputs["notifications"]["list"]["rows"][number];

type Facts<Type extends NotificationFacts["type"]> = Extract<NotificationFacts, { type: Type }>;

const means = {
  password: "with the old password",
  link: "with a link from an email",
  "command line": "from the command line",
} as const;

/** "Redis is not responding on vm1", "Import leads: 3 rows have errors". */
export function notificationTitle({ facts, detail }: Pick<Notification, "facts" | "detail">): string {
  switch (facts.type) {
    case "alert":
      return facts.message;
    case "anomaly":
      return titleOfAnomaly(facts) + (detail ? ` (${detail})` : "");
    case "job": {
      const title = jobTitle({ kind: facts.job, input: { count: facts.done } });
      return facts.state === "failed"
        ? `${title} failed${detail ? `: ${detail}` : ""}`
        : `${title}: ${formatCount(facts.invalid, "row")} with errors`;
    }
    case "signIn":
      return `New sign-in to your account: ${describeUserAgent(facts.browser)}${from(facts.ip)}`;
    case "signInFailing":
      return `${formatCount(facts.failures, "failed sign-in")} to your account${from(facts.ip)}`;
    case "passwordChanged":
      return `Your password was changed ${means[facts.by]}`;
  }
}

const from = (ip: string | null) => ip === null ? "" : ` from ${ip}`;

function titleOfAnomaly({ anomaly, counts }: Facts<"anomaly">): string {
  return `${anomalyTitle({ kind: anomaly, facts: counts })}: ${describeAnomaly({ facts: counts })}`;
}

/** The page of what it is about. */
export function notificationHref({ facts, subjectId }: Pick<Notification, "facts" | "subjectId">): string {
  switch (facts.type) {
    case "alert": {
      const webhook = facts.of.match(/^(?:webhook )?(\d+)$/)?.[1];
      if (facts.alert === "anomalies") return withQuery(addresses.anomalies(), { unresolved: true });
      return webhook && hasRole("owner") ? addresses.webhook(Number(webhook)) : addresses.monitoring();
    }
    case "anomaly":
      return addresses.anomaly(subjectId);
    case "job":
      return addresses.job(subjectId);
    case "signIn":
    case "signInFailing":
    case "passwordChanged":
      return addresses.profile();
  }
}

/** "12 times since Nov 26, 10:40"; null for what happened once. */
export function describeRepetition(
  { count, firstAt }: Pick<Notification, "count" | "firstAt">,
): string | null {
  return count === 1 ? null : `${formatCount(count, "time")} since ${formatMoment(firstAt)}`;
}

const severities: Record<Notification["severity"], { title: string; tone: Tone }> = {
  critical: { title: "Critical", tone: "bad" },
  warning: { title: "Warning", tone: "warn" },
  info: { title: "Info", tone: "info" },
};

/** How severe it is, or that it is resolved. */
export function notificationStatus({ severity, resolvedAt }: Pick<Notification, "severity" | "resolvedAt">) {
  return resolvedAt ? { title: "Resolved", tone: "good" } as const : severities[severity];
}
