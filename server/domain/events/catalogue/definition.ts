// The form of an event's entry in the catalogue. The browser imports the catalogue too, so nothing here or in the
// entries imports more than zod and types.
import { z } from "zod";
import type { CachedKind } from "./cache_tags.ts";

/** What an event happens to; the column `subject_kind`. */
export type SubjectKind =
  | "activation"
  | "administrator"
  | "administrator_invitation"
  | "alert"
  | "anomaly"
  | "api_key"
  | "contact"
  | "customer"
  | "event"
  | "job"
  | "lead"
  | "license"
  | "plan"
  | "product"
  | "release"
  | "resource"
  | "setting"
  | "signing_key"
  | "user"
  | "webhook";

/** A tRPC router of the panel, whose queries are loaded again. `web/lib/live.ts` checks the names by its types. */
export type PanelRouter =
  | "account"
  | "administrators"
  | "alerts"
  | "anomalies"
  | "apiKeys"
  | "customers"
  | "devices"
  | "jobs"
  | "leads"
  | "licenses"
  | "mails"
  | "monitoring"
  | "notifications"
  | "plans"
  | "products"
  | "releases"
  | "resources"
  | "sessions"
  | "settings"
  | "signingKeys"
  | "statistics"
  | "users"
  | "webhooks";

export interface EventDefinition {
  subject: SubjectKind;
  /** The subject's facts before and after the change; without a schema the column is null. */
  before?: z.ZodType;
  after?: z.ZodType;
  /** Cached values of these kinds are invalid after the event. */
  invalidates?: readonly CachedKind[];
  /** Queries of the panel that may return something else after the event; the list of events always may. */
  refreshes: readonly PanelRouter[];
  /** Makes the event public: webhooks deliver it with these facts beside the ids of license, activation and customer. */
  publicData?(event: { subjectId: number; after: unknown }): Record<string, unknown>;
  /**
   * Recorded by apps' own calls, thousands of times a second. Such an event sends no notification: PostgreSQL holds a
   * lock from a NOTIFY to the end of the commit, which would make all these commits wait for each other.
   */
  isFrequent?: true;
}

/** An event as `publicData` gets it. */
export interface RecordedAfter<After extends z.ZodType> {
  subjectId: number;
  after: z.output<After>;
}

/** An instant: a Date when it is recorded, text when it is read. */
export const instant = z.union([z.date(), z.iso.datetime({ offset: true })]);

/** Those of the fields that changed, each with its value. */
export function changedFields<const Name extends string>(...names: Name[]) {
  return z.partialRecord(z.enum(names), z.unknown());
}

/** No facts beside the ids. */
export const noData = () => ({});
