// The page of one resource: its allocation, its details and its history.
import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { resourceChanges } from "../../../server/domain/resources/inputs.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { DeletedBadge } from "../../features/deletion/DeletedBadge.tsx";
import { detailPage } from "../../features/details/detail_page.tsx";
import { DetailLayout } from "../../features/details/DetailLayout.tsx";
import { EditCard } from "../../features/details/EditCard.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue, formatWord } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Time } from "../../ui/Time.tsx";
import { AllocateDialog } from "./AllocateDialog.tsx";
import { release } from "./resource_actions.ts";
import { prepareResource, ResourceFields } from "./ResourceFields.tsx";
import { ResourceStatus } from "./Resources.tsx";

type Resource = Outputs["resources"]["get"];

export const ResourcePage = detailPage("resources", (resource) => <ResourceDetails resource={resource()} />);

function ResourceDetails(props: { resource: Resource }) {
  const { id } = props.resource;
  const [isAllocating, setIsAllocating] = createSignal(false);
  const isAllocated = () => props.resource.licenseId !== null;
  return (
    <DetailLayout
      object={{
        noun: "resources",
        id,
        name: props.resource.identifier,
        deletedAt: props.resource.deletedAt,
      }}
      badges={
        <Show
          when={props.resource.deletedAt}
          fallback={<ResourceStatus resource={props.resource} />}
        >
          {(at) => <DeletedBadge at={at()} />}
        </Show>
      }
      list={{ href: addresses.resources(), title: "Resources" }}
      state={isAllocated()
        ? `${formatWord(props.resource.type)} · allocated to ${props.resource.customerName}`
        : `${formatWord(props.resource.type)} · available`}
      actions={
        <Show when={!props.resource.deletedAt}>
          <Show
            when={isAllocated()}
            fallback={
              <Button
                variant="primary"
                disabledReason={missingRoleReason("manager")}
                onClick={() => setIsAllocating(true)}
              >
                Allocate to license…
              </Button>
            }
          >
            <Button
              variant="primary"
              disabledReason={missingRoleReason("manager")}
              onClick={() => void release([id], props.resource.licenseId ?? undefined)}
            >
              Release
            </Button>
          </Show>
        </Show>
      }
      summary={[
        ["License", <LicenseLink resource={props.resource} />],
        ["Customer", props.resource.customerName ?? emptyValue],
        ["Allocated", <Time at={props.resource.allocatedAt} />],
        ["Created", <Time at={props.resource.createdAt} />],
        ["Updated", <Time at={props.resource.updatedAt} />],
      ]}
      aside={
        <EditCard
          form={{
            kind: "resources",
            object: () => props.resource,
            valuesOf: ({ type, identifier }) => ({ type, identifier }),
            schema: resourceChanges,
            draft: `resource/${id}`,
            prepare: prepareResource,
          }}
          deletedAt={props.resource.deletedAt}
        >
          {(form) => <ResourceFields form={form} />}
        </EditCard>
      }
    >
      <Card title="History">
        <Timeline filter={{ subjectKind: "resource", subjectId: id }} />
      </Card>
      <AllocateDialog
        resourceIds={[id]}
        isOpen={isAllocating()}
        close={() => setIsAllocating(false)}
      />
    </DetailLayout>
  );
}

function LicenseLink(props: { resource: Resource }) {
  return (
    <Show when={props.resource.licenseId} fallback="None (available)">
      {(id) => (
        <A href={addresses.license(id())} class="break-all text-accent hover:underline">
          <LicenseKey text={props.resource.licenseKey!} />
        </A>
      )}
    </Show>
  );
}
