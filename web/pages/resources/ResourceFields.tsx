// The fields of a resource.
import { useApiQuery } from "../../lib/queries.ts";
import type { Form } from "../../lib/form.ts";
import { TextField } from "../../ui/Field.tsx";

export interface ResourceValues {
  type: string;
  identifier: string;
}

export function ResourceFields(props: { form: Form<ResourceValues>; isNew?: boolean }) {
  const stats = useApiQuery("resources", "stats", () => undefined);
  return (
    <>
      <TextField
        form={props.form}
        name="identifier"
        label="Identifier"
        hint="Unique name, such as SRV-001."
        autofocus={props.isNew}
      />
      <TextField
        form={props.form}
        name="type"
        label="Type"
        hint="Such as server, workstation or dongle."
        suggestions={Object.keys(stats.data?.byType ?? {})}
      />
    </>
  );
}

/** Converts the fields. A type is one lower-case word. */
export function prepareResource({ type, identifier }: ResourceValues): ResourceValues {
  return { identifier, type: type.trim().toLowerCase().replaceAll(" ", "_") };
}
