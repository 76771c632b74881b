// Adding a resource to the pool.
import { useNavigate } from "@solidjs/router";
import { newResource } from "../../../server/domain/resources/inputs.ts";
import { addresses } from "../../addresses.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { whyNot } from "../../lib/session.ts";
import { Card } from "../../ui/Card.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { Page } from "../../ui/Page.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { prepareResource, ResourceFields } from "./ResourceFields.tsx";

export function NewResource() {
  const navigate = useNavigate();
  const create = useChange("resources", "create");
  const form = createForm({
    schema: newResource,
    start: { type: "", identifier: "" },
    draft: "resource/new",
    prepare: prepareResource,
    save: (checked) => create.run(checked),
    saved({ id, identifier }) {
      tell(`${identifier} is in the pool.`);
      navigate(addresses.resource(id));
    },
  });
  return (
    <Page title="New resource" back={{ href: addresses.resources(), title: "Resources" }}>
      <Card class="max-w-2xl">
        <FormFrame form={form} verb="Create resource" why={whyNot("manager")} cancel={addresses.resources()}>
          <ResourceFields form={form} isNew />
        </FormFrame>
      </Card>
    </Page>
  );
}
