// Metadata: values that a vendor keeps with customers, users, products, plans, licenses and devices, by keys of the vendor's own.
import { z } from "zod";
import { namedValues } from "./named_values.ts";
import { isMultiline } from "./text.ts";

export const MAX_METADATA_KEYS = 50;
/** Bytes of the whole as JSON. */
export const MAX_METADATA_SIZE = 16 * 1024;

const keyForm = /^[A-Za-z0-9_.-]{1,64}$/;

export const metadataKey = z.string().regex(
  keyForm,
  "must be 1 to 64 letters, digits, dots, - and _",
);

export const metadataValue = z.union([
  z.string().max(1000).refine(isMultiline, "contains characters that are not allowed"),
  z.number(),
  z.boolean(),
]);

/** A value, and whether apps read it. */
const entry = z.strictObject({
  value: metadataValue.describe("A text of up to 1,000 characters, a number, true or false"),
  public: z.boolean().default(false).describe("Whether apps read it; that of licenses and devices only"),
});

/** Metadata as it is stored. A value alone is a private one. */
export const metadata = namedValues(
  metadataKey,
  z.union([entry, metadataValue.transform((value) => ({ value, public: false }))]),
)
  .refine(
    (all) => Object.keys(all).length <= MAX_METADATA_KEYS,
    `has more than ${MAX_METADATA_KEYS} keys`,
  )
  .refine(
    (all) => sizeOf(all) <= MAX_METADATA_SIZE,
    "is larger than 16 KiB",
  )
  .describe(
    "Values by keys of your own, each alone or as {value, public}. All keys are replaced: those that are not sent are removed",
  );

export type Metadata = z.output<typeof metadata>;

/** Bytes as JSON. */
export function sizeOf(all: object): number {
  return new TextEncoder().encode(JSON.stringify(all)).length;
}

/** The public values by key, as apps read them. */
export type PublicMetadata = Record<string, string | number | boolean>;

export function publicValues(metadata: Metadata): PublicMetadata {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, { value, public: isPublic }]) => isPublic ? [[key, value]] : []),
  );
}

export const noMetadata: PublicMetadata = Object.freeze({});

/** The filter of objects that have metadata: the key, a colon and the value. */
export const metadataFilter = z.string().max(1100).regex(
  /^[A-Za-z0-9_.-]{1,64}:/,
  "must be a key, a colon and a value, such as crm_id:4711",
).optional().describe("With this metadata only: a key, a colon and the value, such as crm_id:4711");
