// Which events notify administrators, and of what. The events are recorded where something is decided, so nothing is decided
// here for a second time.
import type { EventFacts, EventType } from "../catalogue/catalogue.ts";
import { truncate } from "../../text.ts";
import { kindOfAlert, type NotificationKind } from "../catalogue/notification_kinds.ts";

export type NotificationSeverity = "critical" | "warning" | "info";

/** Something an administrator is told of. */
export interface Notice {
  kind: NotificationKind;
  /** What it is about: a repetition for the same subject is counted in the same notification. */
  subject: string;
  severity: NotificationSeverity;
  /** The only administrator who sees it; all by default. */
  administratorId?: number | null;
  /** The id of the thing that it leads to. */
  subjectId: number;
  facts: NotificationFacts;
}

/** What the panel words a notification with. */
export type NotificationFacts =
  | { type: "alert"; alert: string; of: string; message: string }
  | { type: "anomaly"; anomaly: string; counts: Record<string, number> }
  | { type: "job"; job: string; state: "done" | "failed"; done: number; invalid: number }
  | { type: "signIn"; browser: string; ip: string | null }
  | { type: "signInFailing"; failures: number; factor: "password" | "code"; ip: string }
  | { type: "passwordChanged"; by: "password" | "link" | "command line" };

/** What an event does: it raises a notification, resolves one, or opens a resolved one without counting a repetition. */
export type NotificationEffect =
  | { raises: Notice }
  | { resolves: { kind: NotificationKind; subject: string } }
  | { reopens: { kind: NotificationKind; subject: string } };

type SourceEvent<Type extends EventType> = { subjectId: number } & EventFacts<Type>;

export type NotificationSources = {
  [Type in EventType]?: (event: SourceEvent<Type>) => NotificationEffect | null;
};

const ofAlert = ({ kind, subject }: { kind: string; subject: string }) => ({
  kind: kindOfAlert({ kind, subject }),
  subject: `alert ${kind} ${subject}`,
});
const ofAnomaly = (id: number) => ({ kind: "anomalies", subject: `anomaly ${id}` }) as const;

/** A browser without its version, which changes every few weeks. */
export function browserWithoutVersion(browser: string): string {
  return browser.replaceAll(/\d[\d._]*/g, "");
}

export const notificationSources: NotificationSources = {
  "alert.raised": ({ subjectId, after }) => ({
    raises: {
      ...ofAlert(after),
      severity: after.severity,
      subjectId,
      facts: { type: "alert", alert: after.kind, of: after.subject, message: after.message },
    },
  }),
  "alert.cleared": ({ after }) => ({ resolves: ofAlert(after) }),
  "activity.suspicious": ({ subjectId, after: { kind, subject: _, severity, ...counts } }) => ({
    raises: {
      ...ofAnomaly(subjectId),
      severity: severity === "critical" ? severity : "warning",
      subjectId,
      facts: {
        type: "anomaly",
        anomaly: kind,
        counts: Object.fromEntries(
          Object.entries(counts).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
        ),
      },
    },
  }),
  "anomaly.resolved": ({ subjectId }) => ({ resolves: ofAnomaly(subjectId) }),
  "anomaly.reopened": ({ subjectId }) => ({ reopens: ofAnomaly(subjectId) }),
  "job.finished": ({ subjectId, after: { kind, state, done, invalid, requestedBy } }) =>
    state === "done" && invalid === 0 ? null : {
      raises: {
        kind: "jobs",
        subject: `job ${subjectId}`,
        severity: state === "failed" ? "critical" : "warning",
        administratorId: requestedBy,
        subjectId,
        facts: { type: "job", job: kind, state, done, invalid },
      },
    },
  "administrator.signed_in": ({ subjectId, after: { browser, ip, isNewBrowser } }) =>
    !isNewBrowser ? null : {
      raises: {
        kind: "account",
        subject: truncate(`sign-in ${browserWithoutVersion(browser)}`, 255),
        severity: "info",
        administratorId: subjectId,
        subjectId,
        facts: { type: "signIn", browser, ip },
      },
    },
  "administrator.sign_in_failing": ({ subjectId, after: { failures, factor, ip } }) => ({
    raises: {
      kind: "account",
      subject: "sign-in failing",
      severity: "warning",
      administratorId: subjectId,
      subjectId,
      facts: { type: "signInFailing", failures, factor, ip },
    },
  }),
  "administrator.password_changed": ({ subjectId, after: { by } }) => ({
    raises: {
      kind: "account",
      subject: "password",
      severity: "info",
      administratorId: subjectId,
      subjectId,
      facts: { type: "passwordChanged", by },
    },
  }),
};
