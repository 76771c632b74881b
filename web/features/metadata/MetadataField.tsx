// The field of metadata: values by the vendor's own keys, each private or shown to apps.
import { MAX_METADATA_KEYS, metadataKey, metadataValue } from "../../../server/domain/metadata.ts";
import type { Form } from "../../lib/form.ts";
import { NamedValues, type ValueKind } from "../../ui/NamedValues.tsx";
import { describeMetadata, type Entries } from "./metadata.ts";

const kinds: readonly ValueKind[] = [
  { title: "Text", is: (value) => typeof value === "string", start: "", input: "text" },
  { title: "Number", is: (value) => typeof value === "number", start: null, input: "number" },
  {
    title: "Yes or no",
    is: (value) => typeof value === "boolean",
    start: true,
    input: [[true, "Yes"], [false, "No"]],
  },
];

/** @param props.canBePublic whether apps read the public values */
export function MetadataField<Values extends { metadata: Entries }>(
  props: { form: Form<Values>; canBePublic?: boolean; disabledReason?: string | null },
) {
  props.form.describeField("metadata", { label: "Metadata", text: describeMetadata });
  const entries = () => props.form.values.metadata;
  const set = (next: Entries) => props.form.set("metadata", next as Values["metadata"]);

  function problemOf(key: string): string | null {
    const problem = metadataKey.safeParse(key).error?.issues[0].message;
    if (problem !== undefined) return `${problem}.`;
    const isRefused = Object.keys(props.form.errors).some((field) =>
      field === `metadata.${key}` || field.startsWith(`metadata.${key}.`)
    );
    if (!isRefused) return null;
    return metadataValue.safeParse(entries()[key].value).success ? "is not allowed." : "Enter a value.";
  }

  return (
    <NamedValues
      label="Metadata"
      noun="metadata"
      hint={`Your own keys, such as an id in another system; up to ${MAX_METADATA_KEYS}. Type a key and press Enter.`}
      error={props.form.errors.metadata}
      disabledReason={props.disabledReason}
      values={entries()}
      set={(next) => set(next as Entries)}
      kinds={kinds}
      added={{ value: "", public: false }}
      valueOf={(entry) => (entry as Entries[string]).value}
      withValue={(entry, value) => ({ ...entry as Entries[string], value })}
      problemOf={problemOf}
      maxLength={1000}
      extra={props.canBePublic
        ? (key) => (
          <label class="inline-flex items-center gap-1.5 text-xs">
            <input
              type="checkbox"
              class="size-4 touch:size-6 accent-accent"
              checked={entries()[key]?.public}
              disabled={Boolean(props.disabledReason)}
              onChange={(event) =>
                set({ ...entries(), [key]: { ...entries()[key], public: event.currentTarget.checked } })}
            />
            <span aria-hidden="true">Shown to apps</span>
            <span class="sr-only">{key}: shown to apps</span>
          </label>
        )
        : undefined}
    />
  );
}
