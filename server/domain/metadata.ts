// Metadata: values that a vendor keeps with customers, users, products, plans and licenses, by keys of the vendor's own.
import { z } from "zod";
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";
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
  public: z.boolean().default(false).describe("Whether apps read it; that of licenses only"),
});

/** Metadata as it is stored. A value alone is a private one. */
export const metadata = z.record(
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
    "Values by keys of your own, each alone or as {value, public}; an update replaces all of them",
  );

export type Metadata = z.output<typeof metadata>;

/** Bytes as JSON. */
export function sizeOf(all: object): number {
  return new TextEncoder().encode(JSON.stringify(all)).length;
}

/** The public values by key, as apps read them. */
export type PublicMetadata = Record<string, string | number | boolean>;

export const noMetadata: PublicMetadata = Object.freeze({});

/** The public values of metadata, for a select. */
export function publicMetadata(ctx: Pick<Context, "db">, column: Fragment): Fragment {
  return ctx.db`
    case when ${column} = '{}' then ${column} else coalesce(
      (
        select jsonb_object_agg(key, value -> 'value')
        from jsonb_each(${column}) as entry (key, value)
        where value -> 'public' = 'true'
      ),
      '{}'
    ) end`;
}

/** The filter of objects that have metadata: the key, a colon and the value. */
export const metadataFilter = z.string().max(1100).regex(
  /^[A-Za-z0-9_.-]{1,64}:/,
  "must be a key, a colon and a value, such as crm_id:4711",
).optional().describe("With this metadata only: a key, a colon and the value, such as crm_id:4711");

/**
 * The condition that metadata has a value under a key; null without a filter. The value is compared as a text and, where it
 * reads so, as a number or as true or false. The last part is that of the indexes.
 */
export function hasMetadata(
  ctx: Pick<Context, "db">,
  column: Fragment,
  filter: string | undefined,
): Fragment | null {
  if (filter === undefined) return null;
  const at = filter.indexOf(":");
  const [key, text] = [filter.slice(0, at), filter.slice(at + 1)];
  const has = (value: string | number | boolean) => ctx.db`${column} @> ${ctx.db.json({ [key]: { value } })}`;
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const other = isNumber ? Number(text) : text === "true" ? true : text === "false" ? false : null;
  const isEqual = other === null ? has(text) : ctx.db`(${has(text)} or ${has(other)})`;
  return ctx.db`${isEqual} and ${column} <> '{}'`;
}
