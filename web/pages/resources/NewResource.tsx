// The page that creates a resource.
import { newResource } from "../../../server/domain/resources/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { prepareResource, ResourceFields } from "./ResourceFields.tsx";

export function NewResource() {
  const create = useApiMutation("resources", "create");
  return (
    <CreatePage
      title="New resource"
      list={{ href: addresses.resources(), title: "Resources" }}
      form={{
        schema: newResource,
        start: { type: "", identifier: "" },
        draft: "resource/new",
        prepare: prepareResource,
        save: (checked) => create.run(checked),
      }}
      href={addresses.resource}
      message={({ identifier }) => `Resource “${identifier}” created.`}
      verb="Create resource"
    >
      {(form) => <ResourceFields form={form} isNew />}
    </CreatePage>
  );
}
