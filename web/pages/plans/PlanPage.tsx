// One plan: facts and terms at the left; what a change reaches, and history, at the right.
import { A, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { planChanges } from "../../../server/domain/plans/inputs.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { formatDuration, formatTotal, formatWord, nothing } from "../../lib/format.ts";
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
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { PlanFields } from "./PlanFields.tsx";
import { ChangeEffects } from "./ChangeEffects.tsx";

type Plan = Outputs["plans"]["get"];

export function PlanPage() {
  const params = useParams<{ id: string }>();
  const plan = useApiQuery("plans", "get", () => ({ id: Number(params.id) }));
  return (
    <QueryBoundary query={plan} lines={6}>
      {(plan) => <Found plan={plan()} />}
    </QueryBoundary>
  );
}

function Found(props: { plan: Plan }) {
  const { id, productId } = props.plan;
  const product = useApiQuery("products", "get", () => ({ id: productId }));
  const licenses = useApiQuery("licenses", "list", () => ({ planId: id, limit: 1 }));
  return (
    <Page
      title={props.plan.name}
      heading={
        <span class="inline-flex flex-wrap items-center gap-2">
          {props.plan.name}
          <Show when={props.plan.deletedAt}>
            <Badge tone="off">Deleted</Badge>
          </Show>
        </span>
      }
      back={{ href: addresses.plans(), title: "Plans" }}
      state={props.plan.deletedAt ? describeDeletion(props.plan.deletedAt) : product.data &&
        `${formatWord(props.plan.licenseType)} of ${product.data.name}, ${
          props.plan.duration ? `lasts ${formatDuration(props.plan.duration)}` : "without end"
        }`}
      actions={
        <>
          <DeleteOrRestore
            name={props.plan.name}
            deletedAt={props.plan.deletedAt}
            list={addresses.plans()}
            remove={() => trpc.plans.delete.mutate({ id })}
            restore={() => trpc.plans.restore.mutate({ id })}
          />
          <Show when={!props.plan.deletedAt}>
            <ButtonLink
              variant="primary"
              href={withQuery(addresses.newLicense(), { productId, planId: id })}
              disabledReason={missingRoleReason("manager")}
            >
              <AddIcon /> New license
            </ButtonLink>
          </Show>
        </>
      }
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]">
        <div class="flex min-w-0 flex-col gap-4">
          <Card title="In short">
            <DetailList
              items={[
                [
                  "Product",
                  <A href={addresses.product(productId)} class="text-accent hover:underline">
                    {product.data?.name ?? nothing}
                  </A>,
                ],
                ["Code", <Code text={props.plan.code} label="the plan's code" />],
                [
                  "Licenses",
                  <A
                    href={withQuery(addresses.licenses(), { planId: id })}
                    class="text-accent hover:underline"
                  >
                    {licenses.data ? formatTotal(licenses.data) : "All of them"}
                  </A>,
                ],
                ["Added", <Time at={props.plan.createdAt} />],
              ]}
            />
          </Card>
          <Edit plan={props.plan} />
        </div>
        <div class="flex min-w-0 flex-col gap-4">
          <ChangeEffects licenses={licenses.data} />
          <Card title="History">
            <Timeline of={{ subjectKind: "plan", subjectId: id }} />
          </Card>
        </div>
      </div>
    </Page>
  );
}

function Edit(props: { plan: Plan }) {
  const edit = useApiMutation("plans", "edit");
  const { id, code, name, licenseType, duration, maxActivations, maxUsers, features } = props.plan;
  const form = createForm({
    schema: planChanges,
    start: { code, name, licenseType, duration, maxActivations, maxUsers, features },
    draft: `plan/${id}`,
    save: (changes) => edit.run({ id, changes }),
    saved: () => toast("Saved."),
  });
  return (
    <Card title="Terms">
      <FormLayout
        form={form}
        verb="Save"
        disabledReason={props.plan.deletedAt
          ? "Restore it first."
          : missingRoleReason("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
      >
        <PlanFields form={form} />
      </FormLayout>
    </Card>
  );
}
