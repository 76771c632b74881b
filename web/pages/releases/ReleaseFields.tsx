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
        hint="Apps are offered the release from this day on, in UTC. A day ahead schedules it."
      />
      <ChoiceField
        form={props.form}
        name="channel"
        label="Channel"
        hint="Stable: offered to every app. Beta: to apps that run a beta or an alpha. Alpha: to apps that run an alpha."
        options={props.isNew ? [["", "As the version says"], ...channels] : channels}
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
