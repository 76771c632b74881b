// The page of one release: details on the left; what apps are offered, the notes and history on the right.
import { ObjectLink } from "../../features/details/ObjectLink.tsx";
import { Show } from "solid-js";
import { isBefore } from "../../../server/domain/calendar.ts";
import { releaseChanges } from "../../../server/domain/releases/inputs.ts";
import { DeletedBadge } from "../../features/deletion/DeletedBadge.tsx";
import { describeDeletion } from "../../features/deletion/DeleteOrRestore.tsx";
import { detailPage } from "../../features/details/detail_page.tsx";
import { DetailLayout } from "../../features/details/DetailLayout.tsx";
import { EditCard } from "../../features/details/EditCard.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { VersionsInUse } from "../../features/releases/VersionsInUse.tsx";
import { addresses } from "../../lib/addresses.ts";
import { formatDay, formatWord, today } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Badge } from "../../ui/Badge.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { OutsideIcon } from "../../ui/icons.ts";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { ReleaseFields } from "./ReleaseFields.tsx";
import { UpdatePreview } from "./UpdatePreview.tsx";

type Release = Outputs["releases"]["get"];

const offeredTo: Record<Release["channel"], string> = {
  stable: "Latest stable release",
  beta: "Latest beta, offered to apps on a beta or alpha",
  alpha: "Latest alpha, offered to apps on an alpha",
};

export const ReleasePage = detailPage("releases", (release) => <ReleaseDetails release={release()} />);

function ReleaseDetails(props: { release: Release }) {
  const { id, productId, version } = props.release;
  const product = useApiQuery("products", "get", () => ({ id: productId }));
  const offers = useApiQuery("releases", "explain", () => ({ productId, versions: [version] }));
  const latest = () => offers.data?.[0].latest;
  const isScheduled = () => isBefore(today(), props.release.releaseDate);
  return (
    <DetailLayout
      object={{ noun: "releases", id, name: version, deletedAt: props.release.deletedAt }}
      title={`${product.data ? `${product.data.name} ` : ""}${version}`}
      heading={<span class="min-w-0 break-words">{product.data?.name} {version}</span>}
      badges={
        <>
          <DeletedBadge at={props.release.deletedAt}>Withdrawn</DeletedBadge>
          <Show when={!props.release.deletedAt && isScheduled()}>
            <Badge tone="info">Scheduled</Badge>
          </Show>
          <Show when={props.release.channel !== "stable"}>
            <Badge tone="off">{formatWord(props.release.channel)}</Badge>
          </Show>
          <Show when={props.release.isMandatory}>
            <Badge tone="warn">Mandatory</Badge>
          </Show>
        </>
      }
      list={{ href: addresses.releases(), title: "Releases" }}
      state={props.release.deletedAt
        ? describeDeletion(props.release.deletedAt)
        : isScheduled()
        ? `Scheduled for ${formatDay(props.release.releaseDate)}`
        : latest() && (latest()!.id === id
          ? offeredTo[props.release.channel]
          : `Newer release available: ${latest()!.version}`)}
      actions={
        <ButtonLink href={props.release.downloadUrl} outside>
          <OutsideIcon /> Download
        </ButtonLink>
      }
      summary={[
        ["Product", <ObjectLink noun="products" id={productId} />],
        ["Version", <code class="font-mono break-all">{version}</code>],
        ["Released", formatDay(props.release.releaseDate)],
        ["Created", <Time at={props.release.createdAt} />],
      ]}
      aside={
        <>
          <EditCard
            form={{
              kind: "releases",
              object: () => props.release,
              valuesOf: ({ channel, releaseDate, downloadUrl, releaseNotes, isMandatory }) => ({
                channel,
                releaseDate,
                downloadUrl,
                releaseNotes,
                isMandatory,
              }),
              schema: releaseChanges,
              draft: `release/${id}`,
            }}
            deletedAt={props.release.deletedAt}
          >
            {(form) => <ReleaseFields form={form} />}
          </EditCard>
          <p class="px-1 text-xs text-muted">
            Versions are immutable. Deleting withdraws the release: update checks no longer offer it,
            installed copies keep running, and the version cannot be reused. It can be restored for 30 days.
          </p>
        </>
      }
    >
      <Tabs
        label={version}
        tabs={[
          {
            id: "update-check",
            title: "Update check",
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
                  {props.release.releaseNotes || <span class="text-muted">No release notes.</span>}
                </p>
              </Card>
            ),
          },
          {
            id: "history",
            title: "History",
            content: () => <Timeline filter={{ subjectKind: "release", subjectId: id }} />,
          },
        ]}
      />
    </DetailLayout>
  );
}
