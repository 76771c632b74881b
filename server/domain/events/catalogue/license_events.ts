// Events of licenses, their activations and seats.
import { z } from "zod";
import { givenTerms, termNames } from "../../policy/inputs.ts";
import { changedFields, type EventDefinition, instant, noData, type RecordedAfter } from "./definition.ts";

const lists = ["licenses", "devices", "customers", "statistics", "sessions"] as const;

const activity = z.strictObject({ isActive: z.boolean(), reason: z.string().optional() });
const schedule = z.strictObject({
  disableAt: instant.optional(),
  reason: z.string().optional(),
  enableAt: instant.optional(),
});
const assignment = z.strictObject({ userId: z.int().nullable() });
const machine = z.strictObject({
  hardwareId: z.string(),
  machineName: z.string().nullable(),
  appVersion: z.string().nullable(),
  network: z.string().nullable(),
});
const fingerprint = z.strictObject({ hardwareId: z.string() });
const rebound = fingerprint.extend({ changedComponents: z.array(z.string()) });
const expiry = z.strictObject({
  validUntil: z.iso.date(),
  daysLeft: z.int(),
  /** The last day of grace; absent in events of earlier versions. */
  graceEnds: z.iso.date().nullable().optional(),
});
const ends = z.strictObject({ validUntil: z.iso.date(), updatesUntil: z.iso.date().optional() });
const start = z.strictObject({
  startedWith: z.enum(["first_activation", "first_validation", "first_sign_in"]),
  validUntil: z.iso.date().optional(),
  updatesUntil: z.iso.date().optional(),
});
const usage = z.strictObject({
  of: z.enum(["activations", "seats", "meter"]),
  /** The name of the meter; absent in events of activations and seats. */
  meter: z.string().optional(),
  threshold: z.int(),
  inUse: z.int(),
  limit: z.int(),
});
const limitReached = z.strictObject({
  meter: z.string(),
  used: z.int(),
  limit: z.int(),
  /** The last day of the period; null: it does not end. */
  periodEndsOn: z.iso.date().nullable(),
});
const overLimit = z.strictObject({ inUse: z.int(), limit: z.int() });
const usageOfMeter = z.strictObject({ meter: z.string(), used: z.int() });
const changedTerms = changedFields(
  "customerId",
  "planId",
  "type",
  "validFrom",
  "validUntil",
  "updatesUntil",
  ...termNames,
  "notes",
  "tags",
  "metadata",
);

export const licenseEvents = {
  "license.created": {
    subject: "license",
    after: z.strictObject({
      // Terms other than the limits are absent where they have their defaults.
      ...z.strictObject(givenTerms).partial().shape,
      type: z.string(),
      planId: z.int().nullable(),
      userId: z.int().nullable().optional(),
      validFrom: z.iso.date(),
      validUntil: z.iso.date().nullable(),
      maxActivations: z.int(),
      maxUsers: z.int(),
      /** How it came about; absent in events of earlier versions. */
      origin: z.enum(["single", "bulk", "imported", "trial"]).optional(),
    }),
    refreshes: lists,
    publicData: noData,
  },
  "license.delivery_requested": { subject: "license", refreshes: ["mails"] },
  "license.updated": {
    subject: "license",
    before: changedTerms,
    after: changedTerms,
    invalidates: ["license"],
    refreshes: lists,
    publicData: noData,
  },
  "license.started": {
    subject: "license",
    after: start,
    invalidates: ["license"],
    refreshes: lists,
    publicData: ({ after: { startedWith, validUntil, updatesUntil } }: RecordedAfter<typeof start>) => ({
      startedWith,
      validUntil: validUntil ?? null,
      updatesUntil: updatesUntil ?? null,
    }),
  },
  "license.trial_started": {
    subject: "license",
    after: fingerprint,
    refreshes: ["licenses"],
    publicData: noData,
  },
  "license.renewed": {
    subject: "license",
    before: ends,
    after: ends,
    invalidates: ["license"],
    refreshes: lists,
    publicData: ({ after: { validUntil, updatesUntil } }: RecordedAfter<typeof ends>) => ({
      validUntil,
      updatesUntil: updatesUntil ?? null,
    }),
  },
  "license.enabled": {
    subject: "license",
    before: activity,
    after: activity,
    invalidates: ["license"],
    refreshes: lists,
    publicData: noData,
  },
  "license.disabled": {
    subject: "license",
    before: activity,
    after: activity,
    invalidates: ["license"],
    refreshes: lists,
    publicData: noData,
  },
  "license.change_scheduled": {
    subject: "license",
    before: schedule,
    after: schedule,
    refreshes: ["licenses"],
  },
  "license.schedule_cancelled": { subject: "license", before: schedule, refreshes: ["licenses"] },
  "license.deleted": {
    subject: "license",
    invalidates: ["license"],
    refreshes: lists,
    publicData: noData,
  },
  "license.restored": { subject: "license", invalidates: ["license"], refreshes: lists },
  "license.assigned": {
    subject: "license",
    before: assignment,
    after: assignment,
    refreshes: ["licenses", "users"],
  },
  "license.expiring": {
    subject: "license",
    after: expiry,
    refreshes: ["licenses"],
    publicData: ({ after: { validUntil, daysLeft, graceEnds = null } }: RecordedAfter<typeof expiry>) => ({
      validUntil,
      daysLeft,
      graceEnds,
    }),
  },
  "license.grace_started": {
    subject: "license",
    after: expiry,
    refreshes: ["licenses", "customers", "statistics"],
    publicData: ({ after: { validUntil, graceEnds } }: RecordedAfter<typeof expiry>) => ({
      validUntil,
      graceEnds: graceEnds!,
    }),
  },
  "license.expired": {
    subject: "license",
    after: expiry,
    refreshes: ["licenses", "customers", "statistics"],
    publicData: ({ after: { validUntil, graceEnds = null } }: RecordedAfter<typeof expiry>) => ({
      validUntil,
      graceEnds,
    }),
  },
  "license.activated": {
    subject: "activation",
    after: machine,
    refreshes: lists,
    publicData: noData,
    isFrequent: true,
  },
  "license.deactivated": {
    subject: "activation",
    after: machine,
    invalidates: ["license"],
    refreshes: lists,
    publicData: noData,
    isFrequent: true,
  },
  "activation.imported": {
    subject: "activation",
    after: machine,
    invalidates: ["license"],
    refreshes: lists,
    publicData: noData,
    isFrequent: true,
  },
  "license_file.issued": {
    subject: "activation",
    after: z.strictObject({ fileId: z.string(), seq: z.int(), expiresAt: instant }),
    refreshes: ["devices"],
    isFrequent: true,
  },
  "license_file.returned": {
    subject: "activation",
    after: z.strictObject({ seq: z.int() }),
    refreshes: ["devices"],
  },
  "license_file.cloned": {
    subject: "activation",
    after: z.strictObject({
      reason: z.enum(["other_machine", "older_file"]),
      seq: z.int(),
      latestSeq: z.int(),
    }),
    refreshes: ["devices"],
  },
  "activation.rebound": {
    subject: "activation",
    before: fingerprint,
    after: rebound,
    invalidates: ["license"],
    refreshes: ["devices"],
    publicData: ({ after: { changedComponents } }: RecordedAfter<typeof rebound>) => ({ changedComponents }),
  },
  "activation.metadata_updated": {
    subject: "activation",
    before: changedFields("metadata"),
    after: changedFields("metadata"),
    invalidates: ["license"],
    refreshes: ["devices"],
  },
  "activation.over_limit": {
    subject: "activation",
    after: overLimit,
    refreshes: ["licenses"],
    publicData: ({ after }: RecordedAfter<typeof overLimit>) => after,
    isFrequent: true,
  },
  "activation.replaced": {
    subject: "activation",
    after: machine,
    invalidates: ["license"],
    refreshes: lists,
    publicData: noData,
    isFrequent: true,
  },
  "activation.lapsed": {
    subject: "activation",
    after: machine,
    invalidates: ["license"],
    refreshes: lists,
    publicData: noData,
  },
  "activation.updated": { subject: "activation", after: machine, refreshes: ["devices"], isFrequent: true },
  "seat.started": { subject: "activation", refreshes: ["sessions"], isFrequent: true },
  "seat.ended": { subject: "activation", refreshes: ["sessions"], isFrequent: true },
  "seat.queued": { subject: "activation", refreshes: ["sessions"], isFrequent: true },
  "seat.unqueued": { subject: "activation", refreshes: ["sessions"], isFrequent: true },
  "usage.threshold": {
    subject: "license",
    after: usage,
    refreshes: ["licenses"],
    publicData: ({ after }: RecordedAfter<typeof usage>) => after,
  },
  "usage.limit_reached": {
    subject: "license",
    after: limitReached,
    refreshes: ["licenses"],
    publicData: ({ after }: RecordedAfter<typeof limitReached>) => after,
  },
  "usage.adjusted": {
    subject: "license",
    before: usageOfMeter,
    after: usageOfMeter.extend({ reason: z.string() }),
    refreshes: ["licenses"],
  },
  "trial.started": {
    subject: "user",
    after: z.strictObject({ hardwareId: z.string(), validUntil: z.iso.date().nullable() }),
    refreshes: ["licenses", "users"],
  },
} as const satisfies Record<string, EventDefinition>;
