// The page that publishes a release of a product.
import { useSearchParams } from "@solidjs/router";
import { newRelease } from "../../../server/domain/releases/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { ProductField } from "../../features/pickers/ProductField.tsx";
import { addresses } from "../../lib/addresses.ts";
import { today } from "../../lib/format.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { TextField } from "../../ui/Field.tsx";
import { ReleaseFields, type ReleaseValues } from "./ReleaseFields.tsx";

interface NewReleaseValues extends ReleaseValues {
  productId: number | null;
  version: string;
}

export function NewRelease() {
  const [params] = useSearchParams<{ productId: string }>();
  const productId = Number(params.productId) || null;
  const publish = useApiMutation("releases", "publish");
  const start: NewReleaseValues = {
    productId,
    version: "",
    channel: "",
    releaseDate: today(),
    downloadUrl: "",
    releaseNotes: "",
    isMandatory: false,
  };
  return (
    <CreatePage
      title="New release"
      list={{ href: addresses.releases(), title: "Releases" }}
      state="Offered to apps from its release date."
      form={{
        schema: newRelease,
        start,
        draft: `release/new/${productId ?? ""}`,
        prepare: (values) => ({ ...values, channel: values.channel || undefined }),
        save: (checked) => publish.run(checked),
      }}
      href={addresses.release}
      message={({ version }) => `Release ${version} published.`}
      verb="Publish release"
      cancel={productId ? addresses.product(productId) : undefined}
    >
      {(form) => (
        <>
          <ProductField form={form} />
          <TextField
            form={form}
            name="version"
            label="Version"
            mono
            hint="Such as 1.2.3, 2026.11.3 or 2.0.0-beta.1. Can't be changed later."
          />
          <ReleaseFields form={form} isNew />
        </>
      )}
    </CreatePage>
  );
}
