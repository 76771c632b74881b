// The page that creates a resource.
import { useNavigate } from "@solidjs/router";
import { newResource } from "../../../server/domain/resources/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { addresses } from "../../lib/addresses.ts";
import { createForm } from "../../lib/form.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { toast } from "../../ui/Toasts.tsx";
import { prepareResource, ResourceFields } from "./ResourceFields.tsx";

export function NewResource() {
  const navigate = useNavigate();
  const create = useApiMutation("resources", "create");
  const form = createForm({
    schema: newResource,
    start: { type: "", identifier: "" },
    draft: "resource/new",
    prepare: prepareResource,
    save: (checked) => create.run(checked),
    saved({ id, identifier }) {
      toast(`${identifier} is in the pool.`);
      navigate(addresses.resource(id));
    },
  });
  return (
    <CreatePage
      title="New resource"
      list={{ href: addresses.resources(), title: "Resources" }}
      form={form}
      verb="Create resource"
    >
      <ResourceFields form={form} isNew />
    </CreatePage>
  );
}
