// Events of customers and leads, and of what is sold: products, plans, releases, resources.
import { z } from "zod";
import { givenTerms, termNames } from "../../policy/inputs.ts";
import { changedFields, type EventDefinition, type RecordedAfter } from "./definition.ts";

const named = z.strictObject({ name: z.string().nullable() });
const person = z.strictObject({ leadId: z.int(), name: z.string(), email: z.string().nullable() });
const resource = z.strictObject({ type: z.string(), identifier: z.string() });
const release = z.strictObject({
  productId: z.int(),
  version: z.string(),
  channel: z.enum(["stable", "beta", "alpha"]),
  releaseDate: z.iso.date(),
  isMandatory: z.boolean(),
});

const mergedInto = z.strictObject({ customerId: z.int() });

const changedCustomer = changedFields("name", "email", "notes", "tags", "metadata");
const changedProduct = changedFields("code", "name", "metadata");
const changedPlan = changedFields(
  "code",
  "name",
  "licenseType",
  "features",
  "metadata",
  ...termNames,
);
const changedRelease = changedFields("channel", "releaseDate", "downloadUrl", "releaseNotes", "isMandatory");
const changedResource = changedFields("type", "identifier");
const changedLead = changedFields(
  "name",
  "type",
  "stage",
  "website",
  "city",
  "country",
  "notes",
  "tags",
  "customerId",
);
const changedContact = changedFields("name", "email", "phone", "position");

export const salesEvents = {
  "customer.created": {
    subject: "customer",
    after: z.strictObject({ name: z.string(), email: z.string().nullable() }),
    refreshes: ["customers"],
  },
  "customer.updated": {
    subject: "customer",
    before: changedCustomer,
    after: changedCustomer,
    refreshes: ["customers"],
  },
  "customer.deleted": { subject: "customer", before: named, refreshes: ["customers"] },
  "customer.restored": { subject: "customer", after: named, refreshes: ["customers"] },
  // About the customer that was merged; the customer of the event is the one that stays.
  "customer.merged": {
    subject: "customer",
    before: z.strictObject({ name: z.string(), email: z.string().nullable() }),
    after: mergedInto,
    refreshes: ["customers", "licenses", "leads", "devices", "mails", "statistics"],
    publicData: ({ subjectId, after }: RecordedAfter<typeof mergedInto>) => ({
      mergedCustomerId: subjectId,
      intoCustomerId: after.customerId,
    }),
  },
  "customer.data_exported": { subject: "customer", refreshes: [] },
  "customer.erased": { subject: "customer", refreshes: ["customers", "leads", "licenses", "devices"] },
  "product.created": {
    subject: "product",
    after: z.strictObject({ code: z.string(), name: z.string() }),
    invalidates: ["product"],
    refreshes: ["products"],
  },
  "product.updated": {
    subject: "product",
    before: changedProduct,
    after: changedProduct,
    invalidates: ["product"],
    refreshes: ["products"],
  },
  "product.deleted": { subject: "product", before: named, invalidates: ["product"], refreshes: ["products"] },
  "product.restored": { subject: "product", after: named, invalidates: ["product"], refreshes: ["products"] },
  "plan.created": {
    subject: "plan",
    after: z.strictObject({
      // Events of earlier versions have the duration and the limits alone.
      ...z.strictObject(givenTerms).partial().shape,
      productId: z.int(),
      code: z.string(),
      name: z.string(),
      licenseType: z.string(),
      features: z.array(z.string()),
    }),
    refreshes: ["plans"],
  },
  "plan.updated": { subject: "plan", before: changedPlan, after: changedPlan, refreshes: ["plans"] },
  "plan.deleted": { subject: "plan", before: named, refreshes: ["plans"] },
  "plan.restored": { subject: "plan", after: named, refreshes: ["plans"] },
  "release.published": {
    subject: "release",
    after: release,
    invalidates: ["product"],
    refreshes: ["releases"],
    publicData: ({ subjectId, after }: RecordedAfter<typeof release>) => ({
      releaseId: subjectId,
      productId: after.productId,
      version: after.version,
      channel: after.channel,
      releaseDate: after.releaseDate,
      isMandatory: after.isMandatory,
    }),
  },
  "release.updated": {
    subject: "release",
    before: changedRelease,
    after: changedRelease,
    invalidates: ["product"],
    refreshes: ["releases"],
  },
  "release.deleted": { subject: "release", before: named, invalidates: ["product"], refreshes: ["releases"] },
  "release.restored": { subject: "release", after: named, invalidates: ["product"], refreshes: ["releases"] },
  "resource.created": { subject: "resource", after: resource, refreshes: ["resources"] },
  "resource.updated": {
    subject: "resource",
    before: changedResource,
    after: changedResource,
    refreshes: ["resources"],
  },
  "resource.deleted": { subject: "resource", before: named, refreshes: ["resources"] },
  "resource.restored": { subject: "resource", after: named, refreshes: ["resources"] },
  "resource.allocated": { subject: "resource", after: resource, refreshes: ["resources"] },
  "resource.released": { subject: "resource", after: resource, refreshes: ["resources"] },
  "lead.created": {
    subject: "lead",
    after: z.strictObject({ name: z.string(), type: z.string().nullable() }),
    refreshes: ["leads"],
  },
  "lead.updated": { subject: "lead", before: changedLead, after: changedLead, refreshes: ["leads"] },
  "lead.deleted": { subject: "lead", before: named, refreshes: ["leads"] },
  "lead.restored": { subject: "lead", after: named, refreshes: ["leads"] },
  "lead.imported": {
    subject: "lead",
    after: z.strictObject({ name: z.string(), type: z.string().nullable(), stage: z.string() }),
    refreshes: ["leads"],
  },
  "lead.won": {
    subject: "lead",
    after: z.strictObject({ customerId: z.int() }),
    refreshes: ["leads", "customers"],
  },
  "contact.created": { subject: "contact", after: person, refreshes: ["leads"] },
  "contact.updated": {
    subject: "contact",
    before: changedContact,
    after: changedContact,
    refreshes: ["leads"],
  },
  "contact.deleted": { subject: "contact", before: person, refreshes: ["leads"] },
  "contact.restored": { subject: "contact", after: person, refreshes: ["leads"] },
  "lead_activity.recorded": {
    subject: "lead",
    after: z.strictObject({ activityId: z.int(), kind: z.string() }),
    refreshes: ["leads"],
  },
} as const satisfies Record<string, EventDefinition>;
