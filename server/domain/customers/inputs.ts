// Input of customers: creating, updating and listing them.
import { z } from "zod";
import { id, line, notes, optionalEmail, tags } from "../input_fields.ts";
import { metadata, metadataFilter } from "../metadata.ts";
import { deleted, listInput, tag, timeRange } from "../list_inputs.ts";

export const newCustomer = z.strictObject({
  name: line(255).describe("Name of the company or person"),
  email: optionalEmail.optional().describe("Email address"),
  notes: notes.optional(),
  tags: tags.optional(),
  metadata: metadata.optional(),
});

export const customerChanges = newCustomer.partial();

export const customerList = listInput(["id", "name"], {
  deleted,
  hasLicenses: z.boolean().optional().describe("True: customers with licenses only; false: without"),
  productId: id.optional().describe("Customers with a license of this product only"),
  tag,
  metadata: metadataFilter,
  ...timeRange("created", "Created"),
});

/** What is taken from the customer that is merged; the other values are those of the customer that stays. */
export const takenFields = ["name", "email"] as const;

/** A merge: what becomes of the customer `id` is `intoId`. */
export const customerMerge = z.strictObject({
  intoId: id.describe("The customer that stays"),
  take: z.array(z.enum(takenFields)).max(takenFields.length).optional().describe(
    "Fields whose value is taken from the merged customer. By default the customer that stays keeps its own; what it does not have is taken in any case. Notes and tags of both are kept",
  ),
  seen: z.strictObject({
    merged: z.string().max(100).describe("Revision of the customer to merge"),
    into: z.string().max(100).describe("Revision of the customer that stays"),
  }).optional().describe("Revisions that the choice is based on; without them, it applies to any"),
});

export const customerMergePreview = customerMerge.pick({ intoId: true });

/** The headings by which a table of customers is recognised; an import ignores the other columns of an export. */
export const customerHeadings = ["Id", "Name", "Email", "Notes", "Tags", "Metadata", "Revision"] as const;
