// The fields of a release that can be changed.
import type { Form } from "../../lib/form.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { CheckField, ChoiceField, ProseField, TextField } from "../../ui/Field.tsx";

export type ReleaseValues =
  & Pick<
    Outputs["releases"]["get"],
    "releaseDate" | "downloadUrl" | "releaseNotes" | "isMandatory"
  >
  & {
    /** Empty: what the version tells, when the release is published. */
    channel: Outputs["releases"]["get"]["channel"] | "";
  };

const channels = [["stable", "Stable"], ["beta", "Beta"], ["alpha", "Alpha"]] as const;

export function ReleaseFields(props: { form: Form<ReleaseValues>; isNew?: boolean }) {
  return (
    <>
      <TextField
        form={props.form}
        name="releaseDate"
        label="Release date"
        type="date"
        hint="Offered to apps from this day (UTC). A future day schedules the release."
      />
      <ChoiceField
        form={props.form}
        name="channel"
        label="Channel"
        hint="Stable: all apps. Beta: apps on a beta or alpha. Alpha: apps on an alpha."
        options={props.isNew ? [["", "From the version"], ...channels] : channels}
      />
      <TextField
        form={props.form}
        name="downloadUrl"
        label="Download URL"
        type="url"
        placeholder="https://"
      />
      <ProseField
        form={props.form}
        name="releaseNotes"
        label="Release notes"
        rows={6}
        hint="Plain text, shown by apps."
      />
      <CheckField
        form={props.form}
        name="isMandatory"
        label="Mandatory"
        hint="Older versions must update, even if later releases are not mandatory. Licenses stay valid; the app enforces the update."
      />
    </>
  );
}
