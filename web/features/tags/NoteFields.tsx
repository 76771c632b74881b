// The fields of notes and tags.
import { code } from "../../../server/domain/input_fields.ts";
import type { Form } from "../../lib/form.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { ProseField } from "../../ui/Field.tsx";
import { TagsField } from "../../ui/TagsField.tsx";

export function NoteFields<Values extends { notes: string; tags: string[] }>(
  props: { form: Form<Values>; disabledReason?: string | null },
) {
  const used = useApiQuery("search", "tags", () => undefined);
  return (
    <>
      <TagsField
        form={props.form}
        name="tags"
        label="Tags"
        hint="For administrators only. Lists are filtered by them."
        item={code}
        known={used.data ?? []}
        disabledReason={props.disabledReason}
      />
      <ProseField
        form={props.form}
        name="notes"
        label="Notes"
        hint="For administrators only."
        rows={3}
        disabledReason={props.disabledReason}
      />
    </>
  );
}
