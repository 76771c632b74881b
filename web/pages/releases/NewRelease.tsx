// The page that publishes a release of a product.
import { useNavigate, useSearchParams } from "@solidjs/router";
import { newRelease } from "../../../server/domain/releases/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { productSearch } from "../../features/pickers/searches.ts";
import { addresses } from "../../lib/addresses.ts";
import { createForm } from "../../lib/form.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { TextField } from "../../ui/Field.tsx";
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
  const start: NewReleaseValues = {
    productId,
    version: "",
    releaseDate: new Date().toISOString().slice(0, 10),
    downloadUrl: "",
    releaseNotes: "",
    isMandatory: false,
  };
  const form = createForm({
    schema: newRelease,
    start,
    draft: `release/new/${productId ?? ""}`,
    save: (checked) => publish.run(checked),
    saved({ id, version }) {
      toast(`${version} is published.`);
      navigate(addresses.release(id));
    },
  });
  return (
    <CreatePage
      title="New release"
      list={{ href: addresses.releases(), title: "Releases" }}
      state="Apps are told of it as soon as it is published."
      form={form}
      verb="Publish release"
      cancel={productId ? addresses.product(productId) : undefined}
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
    </CreatePage>
  );
}
