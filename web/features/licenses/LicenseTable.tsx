// A list of licenses whose rows can be selected and changed together: all of them, or those of one customer or user.
import { createSignal, Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { type Inputs, type Outputs, trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { List, type ListProps } from "../../ui/list/List.tsx";
import { createSelection } from "../../ui/list/selection.ts";
import { missingRoleReason } from "../account/session.ts";
import type { ListInput } from "../lists/use_list.ts";
import type { BulkAction } from "./bulk/bulk.ts";
import { BulkDialog } from "./bulk/BulkDialog.tsx";

export type ListedLicense = Outputs["licenses"]["list"]["rows"][number];

/**
 * @param props.list what `useList` returns
 * @param props.name of the list, under which the tab keeps its selection
 */
export function LicenseTable(
  props: Pick<ListProps<ListedLicense>, "columns" | "searchedFields" | "empty" | "isNew"> & {
    name: string;
    list:
      & Pick<ListProps<ListedLicense>, "state" | "rows" | "filters" | "defaultSort" | "exportHref">
      & { input(): ListInput };
  },
) {
  const selection = createSelection(props.name);
  const [action, setAction] = createSignal<BulkAction | null>(null);
  const bulkButton = (action: BulkAction, title: string, variant: "plain" | "danger" = "plain") => (
    <Button
      variant={variant}
      disabledReason={missingRoleReason("manager")}
      onClick={() => setAction(action)}
    >
      {title}
    </Button>
  );
  return (
    <>
      <List
        {...props.list}
        one="license"
        many="licenses"
        columns={props.columns}
        searchedFields={props.searchedFields}
        shortTextAtStart
        href={({ id }) => addresses.license(id)}
        selection={selection}
        matching={() => trpc.licenses.matching.query(matchingInput(props.list.input()))}
        bulk={
          <Show when={props.list.input().deleted !== true} fallback={bulkButton("restore", "Restore")}>
            {bulkButton("extend", "Extend")}
            {bulkButton("renew", "Renew")}
            {bulkButton("enable", "Enable")}
            {bulkButton("disable", "Disable")}
            {bulkButton("transfer", "Transfer")}
            {bulkButton("delete", "Delete", "danger")}
          </Show>
        }
        isNew={props.isNew}
        empty={props.empty}
      />
      <BulkDialog
        action={action()}
        ids={selection.ids()}
        customerId={props.list.input().customerId as number | undefined}
        close={() => setAction(null)}
        done={() => selection.clear()}
      />
    </>
  );
}

/** The input that finds the ids of all licenses of a list. */
function matchingInput({ sort: _, ...input }: ListInput): Inputs["licenses"]["matching"] {
  return input as Inputs["licenses"]["matching"];
}
