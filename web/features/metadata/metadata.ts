// Metadata in lists and lines.
import type { Metadata } from "../../../server/domain/metadata.ts";
import { emptyValue } from "../../lib/format.ts";
import type { Filter } from "../../ui/list/list.ts";

export type Entries = Metadata;

export const metadataFilter: Filter = { name: "metadata", title: "Metadata (key:value)", kind: "text" };

/** "crm_id: 4711, vip: Yes (shown to apps)". */
export function describeMetadata(metadata: unknown): string {
  return Object.entries(metadata as Entries)
    .map(([key, { value, public: isPublic }]) => {
      const text = typeof value === "boolean" ? (value ? "Yes" : "No") : value;
      return `${key}: ${text}${isPublic ? " (shown to apps)" : ""}`;
    })
    .join(", ") || emptyValue;
}
