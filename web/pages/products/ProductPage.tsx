// One product: facts and details at the left; plans, releases, versions in use and history at the right.
import { A, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { productChanges } from "../../../server/domain/products/inputs.ts";
import { addresses, withQuery } from "../../addresses.ts";
import { useAnswer, useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { formatCount, formatTotal } from "../../lib/format.ts";
import { whyNot } from "../../lib/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Answered } from "../../ui/Answered.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Code } from "../../ui/Code.tsx";
import { DeleteOrRestore, describeDeletion } from "../../ui/DeleteOrRestore.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../ui/Timeline.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { ProductFields } from "./ProductFields.tsx";
import { ProductPlans } from "./ProductPlans.tsx";
import { ProductReleases } from "./ProductReleases.tsx";
import { VersionsInUse } from "./VersionsInUse.tsx";

type Product = Outputs["products"]["get"];

export function ProductPage() {
  const params = useParams<{ id: string }>();
  const product = useAnswer("products", "get", () => ({ id: Number(params.id) }));
  return (
    <Answered of={product} lines={6}>
      {(product) => <Found product={product()} />}
    </Answered>
  );
}

function Found(props: { product: Product }) {
  const { id } = props.product;
  const licenses = useAnswer("licenses", "list", () => ({ productId: id, limit: 1 }));
  const plans = useAnswer("plans", "list", () => ({ productId: id, limit: 1 }));
  const releases = useAnswer("releases", "list", () => ({ productId: id, limit: 1 }));
  const isDeleted = () => props.product.deletedAt !== null;
  const off = () => isDeleted() ? "Restore the product first." : null;
  const whyNoDelete = () =>
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
            why={whyNoDelete()}
            remove={() => trpc.products.delete.mutate({ id })}
            restore={() => trpc.products.restore.mutate({ id })}
          />
          <Show when={!isDeleted()}>
            <ButtonLink
              look="primary"
              href={withQuery(
                plans.data?.total === 0 ? addresses.newPlan() : addresses.newLicense(),
                { productId: id },
              )}
              why={whyNot("manager")}
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
            <Facts
              facts={[
                ["Code", <Code text={props.product.code} what="the product's code" />],
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
              content: () => <ProductPlans productId={id} why={off()} />,
            },
            {
              id: "releases",
              title: "Releases",
              count: releases.data?.total,
              content: () => <ProductReleases productId={id} why={off()} />,
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
  const edit = useChange("products", "edit");
  const form = createForm({
    schema: productChanges,
    start: { name: props.product.name, code: props.product.code },
    draft: `product/${props.product.id}`,
    save: (changes) => edit.run({ id: props.product.id, changes }),
    saved: () => tell("Saved."),
  });
  return (
    <Card title="Details">
      <FormFrame
        form={form}
        verb="Save"
        why={props.product.deletedAt
          ? "Restore it first."
          : whyNot("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
      >
        <ProductFields form={form} />
      </FormFrame>
    </Card>
  );
}
