// Adding a resource to the pool.
import { useNavigate } from "@solidjs/router";
import { newResource } from "../../../server/domain/resources/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Card } from "../../ui/Card.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Page } from "../../ui/Page.tsx";
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
    <Page title="New resource" back={{ href: addresses.resources(), title: "Resources" }}>
      <Card class="max-w-2xl">
        <FormLayout
          form={form}
          verb="Create resource"
          disabledReason={missingRoleReason("manager")}
          cancel={addresses.resources()}
        >
          <ResourceFields form={form} isNew />
        </FormLayout>
      </Card>
    </Page>
  );
}
