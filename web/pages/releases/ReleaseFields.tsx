// The fields of a release that can be changed.
import type { Form } from "../../lib/form.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { CheckField, ProseField, TextField } from "../../ui/Field.tsx";

export type ReleaseValues = Pick<
  Outputs["releases"]["get"],
  "releaseDate" | "downloadUrl" | "releaseNotes" | "isMandatory"
>;

export function ReleaseFields(props: { form: Form<ReleaseValues> }) {
  return (
    <>
      <TextField
        form={props.form}
        name="releaseDate"
        label="Release date"
        type="date"
        hint="Shown to people. A release is offered from the moment it is published here."
      />
      <TextField
        form={props.form}
        name="downloadUrl"
        label="Download address"
        type="url"
        placeholder="https://"
        hint="Where apps get it."
      />
      <ProseField
        form={props.form}
        name="releaseNotes"
        label="Release notes"
        rows={6}
        hint="What is new. Apps show it as it is written here."
      />
      <CheckField
        form={props.form}
        name="isMandatory"
        label="Mandatory"
        hint="Every app that runs an older version is told that it has to update, also when a later release is not mandatory. Its license stays valid; whether the app insists is up to the app."
      />
    </>
  );
}
