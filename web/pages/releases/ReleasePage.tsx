// One release: facts and details at the left; its notes, what apps are told, and history at the right.
import { A, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { releaseChanges } from "../../../server/domain/releases/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { formatDay, nothing } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { DeleteOrRestore, describeDeletion } from "../../features/deletion/DeleteOrRestore.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { OutsideIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { VersionsInUse } from "../../features/releases/VersionsInUse.tsx";
import { UpdatePreview } from "./UpdatePreview.tsx";
import { ReleaseFields } from "./ReleaseFields.tsx";

type Release = Outputs["releases"]["get"];

export function ReleasePage() {
  const params = useParams<{ id: string }>();
  const release = useApiQuery("releases", "get", () => ({ id: Number(params.id) }));
  return (
    <QueryBoundary query={release} lines={6}>
      {(release) => <Found release={release()} />}
    </QueryBoundary>
  );
}

function Found(props: { release: Release }) {
  const { id, productId, version } = props.release;
  const product = useApiQuery("products", "get", () => ({ id: productId }));
  const offers = useApiQuery("releases", "explain", () => ({ productId, versions: [version] }));
  const latest = () => offers.data?.[0].latest;
  const isPreRelease = /^[\d.]+-/.test(version);
  return (
    <Page
      title={`${product.data ? `${product.data.name} ` : ""}${version}`}
      heading={
        <span class="inline-flex flex-wrap items-center gap-2">
          <span class="min-w-0 break-words">{product.data?.name} {version}</span>
          <Show when={props.release.deletedAt}>
            <Badge tone="off">Withdrawn</Badge>
          </Show>
          <Show when={props.release.isMandatory}>
            <Badge tone="warn">Mandatory</Badge>
          </Show>
        </span>
      }
      back={{ href: addresses.releases(), title: "Releases" }}
      state={props.release.deletedAt
        ? describeDeletion(props.release.deletedAt)
        : latest() && (latest()!.id === id
          ? isPreRelease
            ? "The newest pre-release, offered to apps that run one."
            : "The newest, offered to apps that run an older one."
          : `There is a newer one: ${latest()!.version}.`)}
      actions={
        <>
          <DeleteOrRestore
            name={version}
            deletedAt={props.release.deletedAt}
            list={addresses.releases()}
            remove={() => trpc.releases.delete.mutate({ id })}
            restore={() => trpc.releases.restore.mutate({ id })}
          />
          <ButtonLink href={props.release.downloadUrl} outside>
            <OutsideIcon /> Download
          </ButtonLink>
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
                ["Version", <code class="font-mono break-all">{version}</code>],
                ["Released", formatDay(props.release.releaseDate)],
                ["Published here", <Time at={props.release.createdAt} />],
              ]}
            />
          </Card>
          <Edit release={props.release} />
          <p class="px-1 text-xs text-muted">
            A version stays what it is. Deleting a release withdraws it: it is offered to nobody any more,
            apps that run it go on, and its version stays taken. It can be restored for 30 days.
          </p>
        </div>
        <Tabs
          label={version}
          tabs={[
            {
              id: "told",
              title: "What apps are told",
              content: () => (
                <div class="flex min-w-0 flex-col gap-4">
                  <UpdatePreview productId={productId} />
                  <VersionsInUse productId={productId} />
                </div>
              ),
            },
            {
              id: "notes",
              title: "Notes",
              content: () => (
                <Card>
                  <p class="text-sm break-words whitespace-pre-wrap">
                    {props.release.releaseNotes || <span class="text-muted">Nothing is written.</span>}
                  </p>
                </Card>
              ),
            },
            {
              id: "history",
              title: "History",
              content: () => <Timeline of={{ subjectKind: "release", subjectId: id }} />,
            },
          ]}
        />
      </div>
    </Page>
  );
}

function Edit(props: { release: Release }) {
  const edit = useApiMutation("releases", "edit");
  const { id, releaseDate, downloadUrl, releaseNotes, isMandatory } = props.release;
  const form = createForm({
    schema: releaseChanges,
    start: { releaseDate, downloadUrl, releaseNotes, isMandatory },
    draft: `release/${id}`,
    save: (changes) => edit.run({ id, changes }),
    saved: () => toast("Saved."),
  });
  return (
    <Card title="Details">
      <FormLayout
        form={form}
        verb="Save"
        disabledReason={props.release.deletedAt
          ? "Restore it first."
          : missingRoleReason("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
      >
        <ReleaseFields form={form} />
      </FormLayout>
    </Card>
  );
}
