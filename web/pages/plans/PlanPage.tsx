// One plan: facts and terms at the left; what a change reaches, and history, at the right.
import { A, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { planChanges } from "../../../server/domain/plans/inputs.ts";
import { addresses, withQuery } from "../../addresses.ts";
import { useAnswer, useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { formatDuration, formatTotal, formatWord, nothing } from "../../lib/format.ts";
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
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../ui/Timeline.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { PlanFields } from "./PlanFields.tsx";
import { WhatChanges } from "./WhatChanges.tsx";

type Plan = Outputs["plans"]["get"];

export function PlanPage() {
  const params = useParams<{ id: string }>();
  const plan = useAnswer("plans", "get", () => ({ id: Number(params.id) }));
  return (
    <Answered of={plan} lines={6}>
      {(plan) => <Found plan={plan()} />}
    </Answered>
  );
}

function Found(props: { plan: Plan }) {
  const { id, productId } = props.plan;
  const product = useAnswer("products", "get", () => ({ id: productId }));
  const licenses = useAnswer("licenses", "list", () => ({ planId: id, limit: 1 }));
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
              look="primary"
              href={withQuery(addresses.newLicense(), { productId, planId: id })}
              why={whyNot("manager")}
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
            <Facts
              facts={[
                [
                  "Product",
                  <A href={addresses.product(productId)} class="text-accent hover:underline">
                    {product.data?.name ?? nothing}
                  </A>,
                ],
                ["Code", <Code text={props.plan.code} what="the plan's code" />],
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
          <WhatChanges licenses={licenses.data} />
          <Card title="History">
            <Timeline of={{ subjectKind: "plan", subjectId: id }} />
          </Card>
        </div>
      </div>
    </Page>
  );
}

function Edit(props: { plan: Plan }) {
  const edit = useChange("plans", "edit");
  const { id, code, name, licenseType, duration, maxActivations, maxUsers, features } = props.plan;
  const form = createForm({
    schema: planChanges,
    start: { code, name, licenseType, duration, maxActivations, maxUsers, features },
    draft: `plan/${id}`,
    save: (changes) => edit.run({ id, changes }),
    saved: () => tell("Saved."),
  });
  return (
    <Card title="Terms">
      <FormFrame
        form={form}
        verb="Save"
        why={props.plan.deletedAt
          ? "Restore it first."
          : whyNot("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
      >
        <PlanFields form={form} />
      </FormFrame>
    </Card>
  );
}
