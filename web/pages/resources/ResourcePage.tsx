// One resource: who has it, what it is called, and its history.
import { A, useNavigate, useParams } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { resourceChanges } from "../../../server/domain/resources/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { refresh, useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { formatWord, nothing } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { DeleteIcon, RestoreIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { runWithToast, toast } from "../../ui/Toasts.tsx";
import { AllocateDialog } from "./AllocateDialog.tsx";
import { release } from "./resource_actions.ts";
import { prepareResource, ResourceFields } from "./ResourceFields.tsx";
import { ResourceStatus } from "./Resources.tsx";

type Resource = Outputs["resources"]["get"];

export function ResourcePage() {
  const params = useParams<{ id: string }>();
  const resource = useApiQuery("resources", "get", () => ({ id: Number(params.id) }));
  return (
    <QueryBoundary query={resource} lines={6}>
      {(resource) => <Found resource={resource()} />}
    </QueryBoundary>
  );
}

function Found(props: { resource: Resource }) {
  const navigate = useNavigate();
  const [isAllocating, setIsAllocating] = createSignal(false);
  const isHeld = () => props.resource.licenseId !== null;
  const restore = async () => {
    await trpc.resources.restore.mutate({ id: props.resource.id });
    refresh();
  };
  async function remove(): Promise<void> {
    const { id, identifier } = props.resource;
    const work = async () => {
      await trpc.resources.delete.mutate({ id });
      refresh();
    };
    const message = `${identifier} is deleted. It can be restored for 30 days.`;
    if (await runWithToast(work, message, restore)) navigate(addresses.resources());
  }
  return (
    <Page
      title={props.resource.identifier}
      heading={
        <span class="inline-flex flex-wrap items-center gap-2">
          {props.resource.identifier}
          <Show when={props.resource.deletedAt} fallback={<ResourceStatus resource={props.resource} />}>
            <Badge tone="off">Deleted</Badge>
          </Show>
        </span>
      }
      back={{ href: addresses.resources(), title: "Resources" }}
      state={isHeld()
        ? `${formatWord(props.resource.type)}, given to a license of ${props.resource.customerName}`
        : `${formatWord(props.resource.type)}, free to be given to a license`}
      actions={
        <Show
          when={!props.resource.deletedAt}
          fallback={
            <Button
              variant="primary"
              disabledReason={missingRoleReason("manager")}
              onClick={() => void runWithToast(restore, `${props.resource.identifier} is restored.`)}
            >
              <RestoreIcon /> Restore
            </Button>
          }
        >
          <Button
            variant="danger"
            disabledReason={missingRoleReason("manager") ??
              (isHeld() ? "A license has it. Release it first." : null)}
            onClick={() => void remove()}
          >
            <DeleteIcon /> Delete
          </Button>
          <Show
            when={isHeld()}
            fallback={
              <Button
                variant="primary"
                disabledReason={missingRoleReason("manager")}
                onClick={() => setIsAllocating(true)}
              >
                Allocate to a license …
              </Button>
            }
          >
            <Button
              variant="primary"
              disabledReason={missingRoleReason("manager")}
              onClick={() => void release([props.resource.id])}
            >
              Release
            </Button>
          </Show>
        </Show>
      }
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]">
        <div class="flex min-w-0 flex-col gap-4">
          <Card title="Allocation">
            <DetailList
              items={[
                ["License", <Holder resource={props.resource} />],
                ["Customer", props.resource.customerName ?? nothing],
                ["Allocated", <Time at={props.resource.allocatedAt} />],
                ["Added", <Time at={props.resource.createdAt} />],
                ["Changed", <Time at={props.resource.updatedAt} />],
              ]}
            />
          </Card>
          <Edit resource={props.resource} />
        </div>
        <Card title="History">
          <Timeline of={{ subjectKind: "resource", subjectId: props.resource.id }} />
        </Card>
      </div>
      <AllocateDialog
        resourceIds={[props.resource.id]}
        isOpen={isAllocating()}
        close={() => setIsAllocating(false)}
      />
    </Page>
  );
}

function Holder(props: { resource: Resource }) {
  return (
    <Show when={props.resource.licenseId} fallback="None; it is available.">
      {(id) => (
        <A href={addresses.license(id())} class="font-mono break-all text-accent hover:underline">
          {props.resource.licenseKey}
        </A>
      )}
    </Show>
  );
}

function Edit(props: { resource: Resource }) {
  const edit = useApiMutation("resources", "edit");
  const form = createForm({
    schema: resourceChanges,
    start: { type: props.resource.type, identifier: props.resource.identifier },
    draft: `resource/${props.resource.id}`,
    prepare: prepareResource,
    save: (changes) => edit.run({ id: props.resource.id, changes }),
    saved: () => toast("Saved."),
  });
  return (
    <Card title="Details">
      <FormLayout
        form={form}
        verb="Save"
        disabledReason={props.resource.deletedAt
          ? "Restore it first."
          : missingRoleReason("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
      >
        <ResourceFields form={form} />
      </FormLayout>
    </Card>
  );
}
