// The cards with the notes, tags and metadata of a license.
import { licenseChanges } from "../../../server/domain/licenses/inputs.ts";
import { EditCard } from "../../features/details/EditCard.tsx";
import { MetadataField } from "../../features/metadata/MetadataField.tsx";
import { NoteFields } from "../../features/tags/NoteFields.tsx";
import type { License } from "./license_actions.ts";

export function LicenseNotes(props: { license: License }) {
  return (
    <>
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
      <EditCard
        title="Metadata"
        verb="Save metadata"
        form={{
          kind: "licenses",
          object: () => props.license,
          valuesOf: ({ metadata }) => ({ metadata }),
          schema: licenseChanges,
          draft: `license/${props.license.id}/metadata`,
        }}
        deletedAt={props.license.deletedAt}
      >
        {(form) => <MetadataField form={form} canBePublic />}
      </EditCard>
    </>
  );
}
