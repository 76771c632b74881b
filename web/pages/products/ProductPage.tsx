// The page of one product: details on the left; plans, releases, versions in use and history on the right.
import { A } from "@solidjs/router";
import { productChanges } from "../../../server/domain/products/inputs.ts";
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { describeDeletion } from "../../features/deletion/DeleteOrRestore.tsx";
import { detailPage } from "../../features/details/detail_page.tsx";
import { DetailLayout } from "../../features/details/DetailLayout.tsx";
import { EditCard } from "../../features/details/EditCard.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { MetadataField } from "../../features/metadata/MetadataField.tsx";
import { VersionsInUse } from "../../features/releases/VersionsInUse.tsx";
import { LicensesLink } from "../../features/licenses/LicensesLink.tsx";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { formatCount, formatTotalOf } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Code } from "../../ui/Code.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { ProductFields } from "./ProductFields.tsx";
import { ProductPlans } from "./ProductPlans.tsx";
import { ProductReleases } from "./ProductReleases.tsx";

type Product = Outputs["products"]["get"];

export const ProductPage = detailPage("products", (product) => <ProductDetails product={product()} />);

function ProductDetails(props: { product: Product }) {
  const { id } = props.product;
  const licenses = useApiQuery("licenses", "list", () => ({ productId: id, limit: 1 }));
  const plans = useApiQuery("plans", "list", () => ({ productId: id, limit: 1 }));
  const releases = useApiQuery("releases", "list", () => ({ productId: id, limit: 1 }));
  const isDeleted = () => props.product.deletedAt !== null;
  const createDisabledReason = () => isDeleted() ? "Restore the product first." : null;
  return (
    <DetailLayout
      object={{ noun: "products", ...props.product }}
      list={{ href: addresses.products(), title: "Products" }}
      state={props.product.deletedAt
        ? describeDeletion(props.product.deletedAt)
        : licenses.data && plans.data && releases.data &&
          `${formatTotalOf(licenses.data, "license")} · ${formatCount(plans.data.total, "plan")} · ${
            formatCount(releases.data.total, "release")
          }`}
      actions={!isDeleted() && (
        <CreateLink
          href={withQuery(
            plans.data?.total === 0 ? addresses.newPlan() : addresses.newLicense(),
            { productId: id },
          )}
        >
          {plans.data?.total === 0 ? "New plan" : "New license"}
        </CreateLink>
      )}
      summary={[
        ["Code", <Code text={props.product.code} label="the product code" />],
        ["Licenses", <LicensesLink filter={{ productId: id }} licenses={licenses.data} />],
        [
          "Devices",
          <A
            href={withQuery(addresses.devices(), { productId: id })}
            class="text-accent hover:underline"
          >
            View all
          </A>,
        ],
        ["Created", <Time at={props.product.createdAt} />],
      ]}
      aside={
        <>
          <EditCard
            form={{
              kind: "products",
              object: () => props.product,
              valuesOf: ({ name, code }) => ({ name, code }),
              schema: productChanges,
              draft: `product/${id}`,
            }}
            deletedAt={props.product.deletedAt}
          >
            {(form) => <ProductFields form={form} />}
          </EditCard>
          <EditCard
            title="Metadata"
            verb="Save metadata"
            form={{
              kind: "products",
              object: () => props.product,
              valuesOf: ({ metadata }) => ({ metadata }),
              schema: productChanges,
              draft: `product/${id}/metadata`,
            }}
            deletedAt={props.product.deletedAt}
          >
            {(form) => <MetadataField form={form} />}
          </EditCard>
          <p class="px-1 text-xs text-muted">
            Only products without licenses can be deleted. Update checks for a deleted product fail. Its plans
            and releases are kept, its code cannot be reused, and it can be restored for 30 days.
          </p>
        </>
      }
    >
      <Tabs
        label={props.product.name}
        tabs={[
          {
            id: "plans",
            title: "Plans",
            count: plans.data?.total,
            content: () => <ProductPlans productId={id} disabledReason={createDisabledReason()} />,
          },
          {
            id: "releases",
            title: "Releases",
            count: releases.data?.total,
            content: () => <ProductReleases productId={id} disabledReason={createDisabledReason()} />,
          },
          { id: "versions", title: "Version adoption", content: () => <VersionsInUse productId={id} /> },
          {
            id: "history",
            title: "History",
            content: () => <Timeline filter={{ subjectKind: "product", subjectId: id }} />,
          },
        ]}
      />
    </DetailLayout>
  );
}
