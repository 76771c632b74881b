// All releases, of one product or of all, the newest first.
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { emptyValue, formatDay, formatTotal } from "../../lib/format.ts";
import { productSearch } from "../../features/pickers/searches.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Badge } from "../../ui/Badge.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { createListState } from "../../features/lists/list_state.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";

type Release = Outputs["releases"]["list"]["rows"][number];

const columns: Column<Release>[] = [
  { id: "version", title: "Version", width: 160, cell: (release) => release.version },
  { id: "product", title: "Product", width: 200, cell: (release) => release.productName },
  {
    id: "date",
    title: "Released",
    sort: "date",
    width: 130,
    cell: (release) => formatDay(release.releaseDate),
  },
  {
    id: "mandatory",
    title: "Mandatory",
    width: 120,
    cell: (release) => release.isMandatory ? <Badge tone="warn">Mandatory</Badge> : emptyValue,
  },
  { id: "notes", title: "Notes", width: 380, cell: (release) => release.releaseNotes || emptyValue },
  {
    id: "download",
    title: "Download",
    width: 280,
    isHidden: true,
    cell: (release) => <span title={release.downloadUrl}>{release.downloadUrl}</span>,
  },
  {
    id: "added",
    title: "Published here",
    sort: "id",
    width: 150,
    isHidden: true,
    cell: (release) => <Time at={release.createdAt} />,
  },
];

const filters: Filter[] = [
  { name: "productId", title: "Product", kind: productSearch },
  { name: "deleted", title: "Withdrawn", kind: { options: [["true", "Withdrawn ones instead"]] } },
];

export function Releases() {
  const state = createListState("releases", filters.map(({ name }) => name));
  const releases = useApiQuery("releases", "list", () => {
    const { q, sort, cursor, filters: { productId, deleted } } = state.query();
    return {
      q,
      sort: sort as "date",
      cursor,
      productId: Number(productId) || undefined,
      deleted: deleted === "true" || undefined,
    };
  }, { keepPrevious: true });
  const add = () => (
    <ButtonLink
      href={withQuery(addresses.newRelease(), { productId: state.query().filters.productId })}
      variant="primary"
      disabledReason={missingRoleReason("manager")}
    >
      <AddIcon /> New release
    </ButtonLink>
  );
  return (
    <Page
      title="Releases"
      state={releases.data &&
        `${formatTotal(releases.data)} ${releases.data.total === 1 ? "release" : "releases"}${
          state.query().filters.deleted ? ", withdrawn" : ""
        }`}
      actions={add()}
    >
      <List
        one="release"
        many="releases"
        state={state}
        rows={releases}
        columns={columns}
        filters={filters}
        defaultSort="-date"
        searchedFields="version or notes"
        href={({ id }) => addresses.release(id)}
        exportHref={(format) => {
          const { q, sort, filters: { productId, deleted } } = state.query();
          return withQuery("/api/admin/releases/export", { format, q, sort, product_id: productId, deleted });
        }}
        empty={
          <Empty title="No releases yet" actions={add()}>
            A release is a version of a product that customers can download. Apps that ask for updates are
            told of the newest one, and whether they have to install it.
          </Empty>
        }
      />
    </Page>
  );
}
