// The card with the notes and tags of a license.
import { licenseChanges } from "../../../server/domain/licenses/inputs.ts";
import { EditCard } from "../../features/details/EditCard.tsx";
import { NoteFields } from "../../features/tags/NoteFields.tsx";
import type { License } from "./license_actions.ts";

export function LicenseNotes(props: { license: License }) {
  return (
    <EditCard
      title="Notes and tags"
      form={{
        kind: "licenses",
        object: () => props.license,
        valuesOf: ({ notes, tags }) => ({ notes, tags }),
        schema: licenseChanges,
        draft: `license/${props.license.id}/notes`,
      }}
      deletedAt={props.license.deletedAt}
    >
      {(form) => <NoteFields form={form} />}
    </EditCard>
  );
}
