// All licenses: found by key or customer, changed one by one or by the thousand.
import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatNumber, formatTotal } from "../../lib/format.ts";
import { onEvent } from "../../features/events/live_events.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Inputs, trpc } from "../../lib/trpc.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { createNewRows } from "../../ui/list/new_rows.ts";
import { List } from "../../ui/list/List.tsx";
import { createListState } from "../../features/lists/list_state.ts";
import { createSelection } from "../../ui/list/selection.ts";
import { Page } from "../../ui/Page.tsx";
import { BulkDialog } from "./BulkDialog.tsx";
import type { BulkAction } from "./bulk.ts";
import { columns, filters, filtersOf } from "./license_list.tsx";
import { dayAfter, today } from "./terms.ts";

export function Licenses() {
  const state = createListState("licenses", filters.map(({ name }) => name));
  const selection = createSelection();
  const [action, setAction] = createSignal<BulkAction | null>(null);
  const licenses = useApiQuery("licenses", "list", () => {
    const asked = state.query();
    return {
      ...filtersOf(asked),
      sort: asked.sort as Inputs["licenses"]["list"]["sort"],
      cursor: asked.cursor,
    };
  }, { keepPrevious: true });
  const isDeleted = () => state.query().filters.deleted === "true";
  const newRows = createNewRows();
  onEvent(({ type, licenseId }) => type === "license.created" && newRows.mark(licenseId!));
  const bulkButton = (action: BulkAction, title: string, variant: "plain" | "danger" = "plain") => (
    <Button
      variant={variant}
      disabledReason={missingRoleReason("manager")}
      onClick={() => setAction(action)}
    >
      {title}
    </Button>
  );
  const make = () => (
    <ButtonLink href={addresses.newLicense()} variant="primary" disabledReason={missingRoleReason("manager")}>
      <AddIcon /> New license
    </ButtonLink>
  );
  return (
    <Page title="Licenses" state={<State />} actions={make()}>
      <List
        one="license"
        many="licenses"
        state={state}
        rows={licenses}
        columns={columns}
        filters={filters}
        searchedFields="key or customer"
        href={({ id }) => addresses.license(id)}
        selection={selection}
        matching={() => trpc.licenses.matching.query(filtersOf(state.query()))}
        bulk={
          <Show when={!isDeleted()} fallback={bulkButton("restore", "Restore")}>
            {bulkButton("extend", "Extend")}
            {bulkButton("switch_on", "Switch on")}
            {bulkButton("switch_off", "Switch off")}
            {bulkButton("delete", "Delete", "danger")}
          </Show>
        }
        exportHref={(format) => exportAddress(format, state.query().sort, filtersOf(state.query()))}
        isNew={newRows.has}
        empty={
          <Show
            when={!isDeleted()}
            fallback={<Empty title="No deleted licenses">What is deleted stays here for 30 days.</Empty>}
          >
            <Empty title="No licenses yet" actions={make()}>
              A license is a key for one product and one customer. Make the first one, and send its key.
            </Empty>
          </Show>
        }
      />
      <BulkDialog
        action={action()}
        ids={selection.ids()}
        close={() => setAction(null)}
        done={() => selection.clear()}
      />
    </Page>
  );
}

/** How many there are, and how many of them end soon. */
function State() {
  const all = useApiQuery("licenses", "list", () => ({ limit: 1 }));
  const soon = { state: "active" as const, endsBy: dayAfter(today(), 7) };
  const ending = useApiQuery("licenses", "list", () => ({ ...soon, limit: 1 }));
  return (
    <Show when={all.data && ending.data}>
      {formatTotal(all.data!)} {all.data!.total === 1 ? "license" : "licenses"}
      <Show when={ending.data!.total > 0} fallback=", none ends this week">
        ,{" "}
        <A href={withQuery(addresses.licenses(), soon)} class="text-accent hover:underline">
          {formatNumber(ending.data!.total)} {ending.data!.total === 1 ? "ends" : "end"} this week
        </A>
      </Show>
    </Show>
  );
}

/** The same list as a file; the server's own words for the filters are in snake case. */
function exportAddress(
  format: string,
  sort: string | undefined,
  asked: Inputs["licenses"]["matching"],
): string {
  const named = Object.entries({ ...asked, sort, format })
    .map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]);
  return withQuery("/api/admin/licenses/export", Object.fromEntries(named));
}
