// The schemas that administration's answers have in common.
import { z } from "zod";
import { ok } from "../request/endpoint.ts";
import { wireId } from "./wire.ts";

export const text = z.string();
export const nullableText = z.string().nullable();
export const integer = z.int();
export const day = z.iso.date().describe("A calendar day in UTC");
export const time = z.iso.datetime().describe("An instant in UTC");
export const licenseType = z.enum(["perpetual", "subscription", "trial"]);
export const role = z.enum(["viewer", "manager", "owner"]).describe(
  "viewer reads, manager changes licensing data, owner changes everything",
);

/** The revision of an object that can be edited. */
export const revisionField = {
  revision: z.string().optional().meta({
    description:
      "Revision of the editable values; quoted, it is the ETag for If-Match. In single reads and after updates",
    examples: ["v4Xk2tq0ZJpYw3nDkU8b1A"],
  }),
};

/** Notes and tags. */
export const tagged = {
  notes: z.string().describe("Notes of administrators"),
  tags: z.array(z.string()).describe("Tags of administrators"),
};

/** Values by keys of the vendor's own. */
export const metadataField = {
  metadata: z.record(
    z.string(),
    z.object({
      value: z.union([z.string(), z.number(), z.boolean()]).describe("The value"),
      public: z.boolean().describe("Whether apps read it; that of licenses and devices only"),
    }),
  ).describe("Metadata, by keys of your own"),
};

/** When a row was created and deleted. */
export const deletionTimes = {
  created_at: time,
  deleted_at: time.nullable().describe("Time of deletion; null when not deleted"),
  restorable_until: time.nullable().optional().describe(
    "Time until which it can be restored; in lists and single reads",
  ),
};

export const oneId = z.object({ id: wireId.describe("Id of the object") });
export const licenseId = z.object({ license_id: wireId.describe("The license's id") });

export const done = z.object({
  success: z.boolean().describe("Whether the action succeeded"),
  message: z.string().describe("Readable result"),
}).meta({ id: "Done", examples: [{ success: true, message: "The customer was deleted" }] });

/** Answers what was done. */
export const succeeded = (message: string) => ok({ success: true, message });

/** A page of a list. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({
    rows: z.array(row).describe("The rows"),
    next: z.string().nullable().describe("Cursor of the next page; null on the last"),
    previous: z.string().nullable().describe("Cursor of the previous page; null on the first"),
    total: z.int().describe("Rows in all pages, counted up to 10,000, or fewer where that takes long"),
    total_is_more: z.boolean().describe("Whether there are more rows than `total`"),
  });
}
