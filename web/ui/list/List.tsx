// A list: filters, rows and keyset pagination, all of it kept in the URL. Columns, views, selection and keyboard work
// the same in every list.
import { type JSX, Show } from "solid-js";
import { toApiError } from "../../lib/api_error.ts";
import { Button } from "../Button.tsx";
import { Empty } from "../Empty.tsx";
import { Failure } from "../Failure.tsx";
import { FilterBar } from "./FilterBar.tsx";
import type { Column, Filter, ListState, Rows, Selection } from "./list.ts";
import { ListFoot } from "./ListFoot.tsx";
import { SelectionBar } from "./SelectionBar.tsx";
import { Table } from "./Table.tsx";

export interface ListProps<Row extends { id: number }> {
  /** The noun of a row, singular and plural: "license", "licenses". */
  one: string;
  many: string;
  state: ListState;
  rows: Rows<Row>;
  columns: Column<Row>[];
  filters: Filter[];
  /** The API's default sort order, "-id". */
  defaultSort?: string;
  /** The fields that the search covers: "name, email". Without it there is no search. */
  searchedFields?: string;
  /** Whether text of one or two characters is found at the beginning of the fields only. */
  shortTextAtStart?: boolean;
  /** The page of a row. */
  href?(row: Row): string;
  selection?: Selection;
  /** The actions on selected rows. */
  bulk?: JSX.Element;
  /** Loads the ids of all matching rows, for selecting across pages. */
  matching?(): Promise<{ ids: number[]; isMore: boolean }>;
  /** The URL of the list as a file. */
  exportHref?(format: "csv" | "xlsx"): string;
  /** Shown when there are no rows at all. */
  empty: JSX.Element;
  /** Whether a row is marked as new. */
  isNew?: (id: number) => boolean;
}

export function List<Row extends { id: number }>(props: ListProps<Row>) {
  const query = () => props.state.query();
  const isFiltered = () => Boolean(query().q) || Object.keys(query().filters).length > 0;
  const page = () => props.rows.data;
  const defaultSort = () => props.defaultSort ?? "-id";

  return (
    <section class="flex min-w-0 flex-col rounded-lg border border-line bg-surface" aria-label={props.many}>
      <FilterBar
        many={props.many}
        state={props.state}
        filters={props.filters}
        columns={props.columns}
        defaultSort={defaultSort()}
        searchedFields={props.searchedFields}
        shortTextAtStart={props.shortTextAtStart}
        exportHref={props.exportHref}
      />
      <Show when={props.selection && props.selection.size() > 0}>
        <SelectionBar
          one={props.one}
          many={props.many}
          selection={props.selection!}
          page={page()}
          matching={props.matching}
        >
          {props.bulk}
        </SelectionBar>
      </Show>
      <Show when={props.rows.error}>
        <div class="p-4">
          <Failure
            error={toApiError(props.rows.error)}
            retry={() =>
              void props.rows.refetch()}
          />
        </div>
      </Show>
      <Show
        when={!page() || page()!.rows.length > 0 || query().cursor}
        fallback={
          <Show when={isFiltered()} fallback={props.empty}>
            <Empty
              title={`No ${props.many} match`}
              actions={<Button onClick={() => props.state.show("")}>Clear filters</Button>}
            >
              No matches. Remove a filter or broaden your search.
            </Empty>
          </Show>
        }
      >
        <Table
          one={props.one}
          many={props.many}
          rows={page()?.rows}
          isOld={props.rows.isPlaceholderData}
          columns={props.columns}
          state={props.state}
          defaultSort={defaultSort()}
          href={props.href}
          selection={props.selection}
          isNew={props.isNew}
        />
        <ListFoot one={props.one} many={props.many} state={props.state} page={page()} />
      </Show>
    </section>
  );
}
