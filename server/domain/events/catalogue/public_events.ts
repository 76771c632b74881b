// What webhooks deliver, described for those who receive it: when an event is sent, which facts it carries beside the ids,
// and an example. The fields are checked against the catalogue; a public event without an entry does not compile.
import { z } from "zod";
import type { PublicData, PublicEventType } from "./catalogue.ts";

export interface PublicEventDescription<Type extends PublicEventType = PublicEventType> {
  /** "License activated" */
  title: string;
  /** When it is sent. */
  description: string;
  /** The facts beside the ids of license, activation and customer. */
  fields: z.ZodObject & z.ZodType<PublicData<Type>>;
  /** Which of the ids are set. */
  ids: "license" | "activation" | "none";
  /** `after` of a recorded event. */
  example: Record<string, unknown> | null;
}

const noFields = z.object({});
const graceEnds = z.iso.date().nullable().describe(
  "Last day of the grace period after the last valid day, inclusive; null: none",
);

const machine = {
  hardwareId: "unique-hardware-identifier",
  machineName: "DESKTOP-ABC123",
  appVersion: "1.0.0",
  network: null,
};

export const publicEvents: { readonly [Type in PublicEventType]: PublicEventDescription<Type> } = {
  "license.created": {
    title: "License created",
    description: "A license was issued: by an administrator, over the API, or as a trial.",
    fields: noFields,
    ids: "license",
    example: null,
  },
  "license.updated": {
    title: "License updated",
    description: "The terms of a license changed: its customer, plan, dates or limits.",
    fields: noFields,
    ids: "license",
    example: null,
  },
  "license.started": {
    title: "License started",
    description: "The first period of a license began, with its first activation, validation or sign-in.",
    fields: z.object({
      startedWith: z.enum(["first_activation", "first_validation", "first_sign_in"]).describe(
        "With what it began",
      ),
      validUntil: z.iso.date().nullable().describe("Last valid day, inclusive; null: never expires"),
      updatesUntil: z.iso.date().nullable().describe(
        "Last day of its updates; null: as long as the license is valid",
      ),
    }),
    ids: "license",
    example: { startedWith: "first_activation", validUntil: "2026-02-13" },
  },
  "license.trial_started": {
    title: "Trial started",
    description: "An app started a trial on a device, without an account; the license is activated there.",
    fields: noFields,
    ids: "license",
    example: { hardwareId: machine.hardwareId },
  },
  "license.renewed": {
    title: "License renewed",
    description: "A license was renewed for another period of its duration.",
    fields: z.object({
      validUntil: z.iso.date().describe("The new last valid day, inclusive"),
      updatesUntil: z.iso.date().nullable().describe(
        "The new last day of its updates; null: as long as the license is valid",
      ),
    }),
    ids: "license",
    example: { validUntil: "2027-01-31" },
  },
  "license.enabled": {
    title: "License enabled",
    description: "A disabled license was enabled and can be used again.",
    fields: noFields,
    ids: "license",
    example: null,
  },
  "license.disabled": {
    title: "License disabled",
    description: "A license was disabled: activations and checks are rejected.",
    fields: noFields,
    ids: "license",
    example: null,
  },
  "license.deleted": {
    title: "License deleted",
    description: "A license was deleted. It can be restored for 30 days.",
    fields: noFields,
    ids: "license",
    example: null,
  },
  "license.expiring": {
    title: "License expiring",
    description: "A license expires in 30, 7 or 1 days. Sent once for each of these.",
    fields: z.object({
      validUntil: z.iso.date().describe("Last valid day, inclusive"),
      daysLeft: z.int().describe("Days until then"),
      graceEnds,
    }),
    ids: "license",
    example: { validUntil: "2026-01-31", daysLeft: 7, graceEnds: null },
  },
  "license.grace_started": {
    title: "License in grace period",
    description:
      "The last day of a license is over, and its grace period has begun: it stays valid, with the code GRACE_PERIOD. Sent once for each expiration date.",
    fields: z.object({
      validUntil: z.iso.date().describe("The day that was the last one"),
      graceEnds: z.iso.date().describe("Last day of the grace period, inclusive"),
    }),
    ids: "license",
    example: { validUntil: "2026-01-31", daysLeft: 0, graceEnds: "2026-02-14" },
  },
  "license.expired": {
    title: "License expired",
    description:
      "The last day of a license, and the grace period if it has one, are over. Sent once for each expiration date.",
    fields: z.object({ validUntil: z.iso.date().describe("The day that was the last one"), graceEnds }),
    ids: "license",
    example: { validUntil: "2026-01-31", daysLeft: 0, graceEnds: null },
  },
  "license.activated": {
    title: "License activated",
    description: "A device was activated on a license, for the first time or again.",
    fields: noFields,
    ids: "activation",
    example: machine,
  },
  "license.deactivated": {
    title: "License deactivated",
    description: "A device was deactivated: by its app, its user or an administrator.",
    fields: noFields,
    ids: "activation",
    example: machine,
  },
  "activation.imported": {
    title: "Device imported",
    description:
      "A device was registered by the import of a table, active or not. Nothing was activated on it now.",
    fields: noFields,
    ids: "activation",
    example: machine,
  },
  "activation.rebound": {
    title: "Device recognised",
    description: "A device was recognised by its components although its fingerprint is a new one.",
    fields: z.object({
      changedComponents: z.array(z.string()).describe("Names of the components that are not the same"),
    }),
    ids: "activation",
    example: { hardwareId: machine.hardwareId, changedComponents: ["disk"] },
  },
  "activation.replaced": {
    title: "Device replaced",
    description:
      "A new device took the activation of this one, which was idle longest, because the license was full. Sent beside license.activated of the new one.",
    fields: noFields,
    ids: "activation",
    example: machine,
  },
  "activation.lapsed": {
    title: "Device lapsed",
    description:
      "A device was not heard of for the lease of its license, and its activation is free for another device. When it is heard of again, it is activated by itself if there is room, with license.activated.",
    fields: noFields,
    ids: "activation",
    example: machine,
  },
  "activation.over_limit": {
    title: "Device activated beyond the limit",
    description:
      "A device was activated although all activations are in use, because the overage of the license admits it. Sent for each such device, beside license.activated or activation.imported.",
    fields: z.object({
      inUse: z.int().describe("Active devices, with this one"),
      limit: z.int().describe("The activation limit"),
    }),
    ids: "activation",
    example: { inUse: 6, limit: 5 },
  },
  "usage.threshold": {
    title: "Usage threshold reached",
    description:
      "80 % or 100 % of the activations or concurrent users of a license are in use, or 80 %, 90 % or 100 % of a meter's limit. Sent once for each crossing, of a meter once in each period.",
    fields: z.object({
      of: z.enum(["activations", "seats", "meter"]).describe("What is counted; seats are concurrent users"),
      meter: z.string().optional().describe("The meter's name, where a meter is counted"),
      threshold: z.int().describe("The threshold in percent: 80, 90 or 100"),
      inUse: z.int().describe("How many are in use"),
      limit: z.int().describe("How many the license allows"),
    }),
    ids: "license",
    example: { of: "activations", threshold: 80, inUse: 4, limit: 5 },
  },
  "usage.limit_reached": {
    title: "Usage limit reached",
    description:
      "A meter of a license is used up, with its overage: further use is refused until the next period. Sent once in each period.",
    fields: z.object({
      meter: z.string().describe("The meter's name"),
      used: z.int().describe("Units that are used in the period"),
      limit: z.int().describe("Units in a period, without the overage"),
      periodEndsOn: z.iso.date().nullable().describe("The last day of the period; null: it does not end"),
    }),
    ids: "license",
    example: { meter: "exports", used: 1000, limit: 1000, periodEndsOn: "2026-01-31" },
  },
  "customer.merged": {
    title: "Customer merged",
    description:
      "A customer was merged into another one, which has its licenses now. The id of the merged customer leads to the one that stays.",
    fields: z.object({
      mergedCustomerId: z.int().describe("The id of the customer that was merged"),
      intoCustomerId: z.int().describe("The id of the customer that stays"),
    }),
    ids: "none",
    example: { customerId: 5 },
  },
  "release.published": {
    title: "Release published",
    description: "A release was published.",
    fields: z.object({
      releaseId: z.int().describe("The release's id"),
      productId: z.int().describe("The product's id"),
      version: z.string().describe("Its version"),
      channel: z.enum(["stable", "beta", "alpha"]).describe("Its channel"),
      releaseDate: z.iso.date().describe("The day from which it is offered"),
      isMandatory: z.boolean().describe("Whether apps have to update"),
    }),
    ids: "none",
    example: {
      productId: 1,
      version: "2.0.0",
      channel: "stable",
      releaseDate: "2026-01-31",
      isMandatory: false,
    },
  },
  "activity.suspicious": {
    title: "Suspicious activity",
    description:
      "The worker found an unusual pattern, such as one device on many licenses. Administrators resolve it in the panel.",
    fields: z.object({
      anomalyId: z.int().describe("The anomaly's id"),
      type: z.string().describe(
        "unusual_activation_pattern, excessive_heartbeats, license_hopping or license_cloned",
      ),
    }),
    ids: "license",
    example: { kind: "license_hopping", subject: "license:12" },
  },
};
