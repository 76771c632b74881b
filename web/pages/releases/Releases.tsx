// The list of releases, newest first.
import { Show } from "solid-js";
import { isBefore } from "../../../server/domain/calendar.ts";
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { useList } from "../../features/lists/use_list.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { emptyValue, formatDay, formatTotalOf, formatWord, today } from "../../lib/format.ts";
import { productSearch } from "../../features/pickers/searches.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";

type Release = Outputs["releases"]["list"]["rows"][number];

const columns: Column<Release>[] = [
  { id: "version", title: "Version", width: 160, cell: (release) => release.version },
  { id: "product", title: "Product", isText: true, width: 200, cell: (release) => release.productName },
  {
    id: "date",
    title: "Released",
    sort: "date",
    width: 190,
    cell: (release) => (
      <>
        {formatDay(release.releaseDate)}{" "}
        <Show when={isBefore(today(), release.releaseDate)}>
          <Badge tone="info">Scheduled</Badge>
        </Show>
      </>
    ),
  },
  { id: "channel", title: "Channel", width: 90, cell: (release) => formatWord(release.channel) },
  {
    id: "mandatory",
    title: "Mandatory",
    width: 120,
    cell: (release) => release.isMandatory ? <Badge tone="warn">Mandatory</Badge> : emptyValue,
  },
  {
    id: "notes",
    title: "Notes",
    isText: true,
    width: 380,
    cell: (release) => release.releaseNotes || emptyValue,
  },
  {
    id: "download",
    title: "Download",
    isText: true,
    width: 280,
    isHidden: true,
    cell: (release) => <span title={release.downloadUrl}>{release.downloadUrl}</span>,
  },
  {
    id: "added",
    title: "Created",
    sort: "id",
    width: 150,
    isHidden: true,
    cell: (release) => <Time at={release.createdAt} />,
  },
];

const filters: Filter[] = [
  { name: "productId", title: "Product", kind: productSearch },
  { name: "deleted", title: "Withdrawn", kind: { options: [["true", "Withdrawn only"]] } },
];

export function Releases() {
  const list = useList("releases", { filters, defaultSort: "-date" });
  const create = () => (
    <CreateLink href={withQuery(addresses.newRelease(), { productId: list.input().productId })}>
      New release
    </CreateLink>
  );
  return (
    <Page
      title="Releases"
      state={list.rows.data &&
        `${formatTotalOf(list.rows.data, "release")}${list.input().deleted ? " · withdrawn" : ""}`}
      actions={create()}
    >
      <List
        {...list}
        one="release"
        many="releases"
        columns={columns}
        searchedFields="version or notes"
        href={({ id }) => addresses.release(id)}
        empty={
          <Empty title="No releases yet" actions={create()}>
            A release is a version that customers can download. Apps that check for updates get the latest
            one, and whether it is mandatory.
          </Empty>
        }
      />
    </Page>
  );
}
