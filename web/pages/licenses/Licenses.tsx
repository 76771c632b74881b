// The list of licenses, with bulk actions.
import { addDays } from "../../../server/domain/calendar.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { seesKeys } from "../../features/licenses/CopyKey.tsx";
import { LicenseTable } from "../../features/licenses/LicenseTable.tsx";
import { useList } from "../../features/lists/use_list.ts";
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatNumber, formatTotalOf, today } from "../../lib/format.ts";
import { onEvent } from "../../features/events/live_events.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { ImportIcon } from "../../ui/icons.ts";
import { Empty } from "../../ui/Empty.tsx";
import { createNewRows } from "../../ui/list/new_rows.ts";
import { Page } from "../../ui/Page.tsx";
import { columns, filters, prepare } from "./license_list.tsx";

export function Licenses() {
  const list = useList("licenses", { filters, prepare });
  const isDeleted = () => list.input().deleted === true;
  const newRows = createNewRows();
  onEvent(({ type, licenseId }) => type === "license.created" && newRows.mark(licenseId!));
  const create = () => <CreateLink href={addresses.newLicense()}>New license</CreateLink>;
  return (
    <Page
      title="Licenses"
      state={<State />}
      actions={
        <>
          <ButtonLink href={addresses.importLicenses()} disabledReason={missingRoleReason("manager")}>
            <ImportIcon /> Import
          </ButtonLink>
          {create()}
        </>
      }
    >
      <LicenseTable
        list={list}
        name="licenses"
        columns={columns}
        searchedFields={seesKeys() ? "key or customer" : "customer or full key"}
        isNew={newRows.has}
        empty={
          <Show
            when={!isDeleted()}
            fallback={<Empty title="No deleted licenses">Deleted licenses are kept here for 30 days.</Empty>}
          >
            <Empty title="No licenses yet" actions={create()}>
              A license is a key for one product and one customer. Create the first one and send its key.
            </Empty>
          </Show>
        }
      />
    </Page>
  );
}

/** The number of licenses, and of those that expire within a week. */
function State() {
  const all = useApiQuery("licenses", "list", () => ({ limit: 1 }));
  const soon = { state: "active" as const, endsBy: addDays(today(), 7) };
  const ending = useApiQuery("licenses", "list", () => ({ ...soon, limit: 1 }));
  return (
    <Show when={all.data && ending.data}>
      {formatTotalOf(all.data!, "license")}
      <Show when={ending.data!.total > 0} fallback=" · none expire this week">
        {" · "}
        <A href={withQuery(addresses.licenses(), soon)} class="text-accent hover:underline">
          {formatNumber(ending.data!.total)} {ending.data!.total === 1 ? "expires" : "expire"} this week
        </A>
      </Show>
    </Show>
  );
}
