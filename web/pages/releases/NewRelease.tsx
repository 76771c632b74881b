// Publishing a release of a product.
import { useNavigate, useSearchParams } from "@solidjs/router";
import { newRelease } from "../../../server/domain/releases/inputs.ts";
import { addresses } from "../../addresses.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { productSearch } from "../../lib/searches.ts";
import { whyNot } from "../../lib/session.ts";
import { Card } from "../../ui/Card.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { Page } from "../../ui/Page.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { type ReleaseFacts, ReleaseFields } from "./ReleaseFields.tsx";

interface NewFacts extends ReleaseFacts {
  productId: number | null;
  version: string;
}

export function NewRelease() {
  const navigate = useNavigate();
  const [params] = useSearchParams<{ productId: string }>();
  const productId = Number(params.productId) || null;
  const publish = useChange("releases", "publish");
  const form = createForm<NewFacts, { id: number; version: string }>({
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
      tell(`${version} is published.`);
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
        <FormFrame form={form} verb="Publish release" why={whyNot("manager")} cancel={cancel}>
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
        </FormFrame>
      </Card>
    </Page>
  );
}
