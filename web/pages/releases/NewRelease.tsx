// Publishing a release of a product.
import { useNavigate, useSearchParams } from "@solidjs/router";
import { newRelease } from "../../../server/domain/releases/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { productSearch } from "../../features/pickers/searches.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Card } from "../../ui/Card.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Page } from "../../ui/Page.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { ReleaseFields, type ReleaseValues } from "./ReleaseFields.tsx";

interface NewReleaseValues extends ReleaseValues {
  productId: number | null;
  version: string;
}

export function NewRelease() {
  const navigate = useNavigate();
  const [params] = useSearchParams<{ productId: string }>();
  const productId = Number(params.productId) || null;
  const publish = useApiMutation("releases", "publish");
  const form = createForm<NewReleaseValues, { id: number; version: string }>({
    schema: newRelease,
    start: {
      productId,
      version: "",
      releaseDate: new Date().toISOString().slice(0, 10),
      downloadUrl: "",
      releaseNotes: "",
      isMandatory: false,
    },
    draft: `release/new/${productId ?? ""}`,
    save: (checked) => publish.run(checked),
    saved({ id, version }) {
      toast(`${version} is published.`);
      navigate(addresses.release(id));
    },
  });
  const cancel = productId ? addresses.product(productId) : addresses.releases();
  return (
    <Page
      title="New release"
      back={{ href: addresses.releases(), title: "Releases" }}
      state="Apps are told of it as soon as it is published."
    >
      <Card class="max-w-2xl">
        <FormLayout
          form={form}
          verb="Publish release"
          disabledReason={missingRoleReason("manager")}
          cancel={cancel}
        >
          <Picker
            label="Product"
            search={productSearch}
            value={form.values.productId}
            choose={(product) => form.set("productId", product?.id ?? null)}
            error={form.errors.productId}
          />
          <TextField
            form={form}
            name="version"
            label="Version"
            mono
            hint="By Semantic Versioning: 1.2.3, or 2.0.0-beta.1, which is offered only to those who run a pre-release. It cannot be changed afterwards."
          />
          <ReleaseFields form={form} />
        </FormLayout>
      </Card>
    </Page>
  );
}
