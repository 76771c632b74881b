// One product: facts and details at the left; plans, releases, versions in use and history at the right.
import { A, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { productChanges } from "../../../server/domain/products/inputs.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { formatCount, formatTotal } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Code } from "../../ui/Code.tsx";
import { DeleteOrRestore, describeDeletion } from "../../features/deletion/DeleteOrRestore.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { ProductFields } from "./ProductFields.tsx";
import { ProductPlans } from "./ProductPlans.tsx";
import { ProductReleases } from "./ProductReleases.tsx";
import { VersionsInUse } from "../../features/releases/VersionsInUse.tsx";

type Product = Outputs["products"]["get"];

export function ProductPage() {
  const params = useParams<{ id: string }>();
  const product = useApiQuery("products", "get", () => ({ id: Number(params.id) }));
  return (
    <QueryBoundary query={product} lines={6}>
      {(product) => <Found product={product()} />}
    </QueryBoundary>
  );
}

function Found(props: { product: Product }) {
  const { id } = props.product;
  const licenses = useApiQuery("licenses", "list", () => ({ productId: id, limit: 1 }));
  const plans = useApiQuery("plans", "list", () => ({ productId: id, limit: 1 }));
  const releases = useApiQuery("releases", "list", () => ({ productId: id, limit: 1 }));
  const isDeleted = () => props.product.deletedAt !== null;
  const off = () => isDeleted() ? "Restore the product first." : null;
  const deleteDisabledReason = () =>
    licenses.data && licenses.data.total > 0
      ? `It has ${formatTotal(licenses.data)} ${
        licenses.data.total === 1 ? "license" : "licenses"
      }. Delete those first.`
      : null;
  return (
    <Page
      title={props.product.name}
      heading={
        <span class="inline-flex flex-wrap items-center gap-2">
          {props.product.name}
          <Show when={isDeleted()}>
            <Badge tone="off">Deleted</Badge>
          </Show>
        </span>
      }
      back={{ href: addresses.products(), title: "Products" }}
      state={props.product.deletedAt
        ? describeDeletion(props.product.deletedAt)
        : licenses.data && plans.data && releases.data &&
          `${formatTotal(licenses.data)} ${licenses.data.total === 1 ? "license" : "licenses"}, ${
            formatCount(plans.data.total, "plan")
          }, ${formatCount(releases.data.total, "release")}`}
      actions={
        <>
          <DeleteOrRestore
            name={props.product.name}
            deletedAt={props.product.deletedAt}
            list={addresses.products()}
            disabledReason={deleteDisabledReason()}
            remove={() => trpc.products.delete.mutate({ id })}
            restore={() => trpc.products.restore.mutate({ id })}
          />
          <Show when={!isDeleted()}>
            <ButtonLink
              variant="primary"
              href={withQuery(
                plans.data?.total === 0 ? addresses.newPlan() : addresses.newLicense(),
                { productId: id },
              )}
              disabledReason={missingRoleReason("manager")}
            >
              <AddIcon /> {plans.data?.total === 0 ? "New plan" : "New license"}
            </ButtonLink>
          </Show>
        </>
      }
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
        <div class="flex min-w-0 flex-col gap-4">
          <Card title="In short">
            <DetailList
              items={[
                ["Code", <Code text={props.product.code} label="the product's code" />],
                [
                  "Licenses",
                  <A
                    href={withQuery(addresses.licenses(), { productId: id })}
                    class="text-accent hover:underline"
                  >
                    {licenses.data ? formatTotal(licenses.data) : "All of them"}
                  </A>,
                ],
                [
                  "Machines",
                  <A
                    href={withQuery(addresses.devices(), { productId: id })}
                    class="text-accent hover:underline"
                  >
                    All that run it
                  </A>,
                ],
                ["Added", <Time at={props.product.createdAt} />],
              ]}
            />
          </Card>
          <Edit product={props.product} />
          <p class="px-1 text-xs text-muted">
            A product can be deleted only while it has no licenses. It then leaves this list, and apps no
            longer find its latest release by its code. Its plans and releases are kept, its code stays taken,
            and it can be restored for 30 days.
          </p>
        </div>
        <Tabs
          label={props.product.name}
          tabs={[
            {
              id: "plans",
              title: "Plans",
              count: plans.data?.total,
              content: () => <ProductPlans productId={id} disabledReason={off()} />,
            },
            {
              id: "releases",
              title: "Releases",
              count: releases.data?.total,
              content: () => <ProductReleases productId={id} disabledReason={off()} />,
            },
            { id: "versions", title: "Versions in use", content: () => <VersionsInUse productId={id} /> },
            {
              id: "history",
              title: "History",
              content: () => <Timeline of={{ subjectKind: "product", subjectId: id }} />,
            },
          ]}
        />
      </div>
    </Page>
  );
}

function Edit(props: { product: Product }) {
  const edit = useApiMutation("products", "edit");
  const form = createForm({
    schema: productChanges,
    start: { name: props.product.name, code: props.product.code },
    draft: `product/${props.product.id}`,
    save: (changes) => edit.run({ id: props.product.id, changes }),
    saved: () => toast("Saved."),
  });
  return (
    <Card title="Details">
      <FormLayout
        form={form}
        verb="Save"
        disabledReason={props.product.deletedAt
          ? "Restore it first."
          : missingRoleReason("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
      >
        <ProductFields form={form} />
      </FormLayout>
    </Card>
  );
}
