// The dialog that allocates resources to a license. If another license has one of them, none is allocated.
import { createSignal } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import { type ApiError, toApiError } from "../../lib/api_error.ts";
import { licenseSearch } from "../../features/pickers/searches.ts";
import { ActionDialog } from "../../ui/ActionDialog.tsx";
import type { Choice } from "../../ui/list/list.ts";
import { Picker } from "../../ui/Picker.tsx";
import { allocate } from "./resource_actions.ts";

export function AllocateDialog(
  props: { resourceIds: number[]; isOpen: boolean; close(): void; done?(): void },
) {
  const [license, setLicense] = createSignal<Choice | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);
  const [refused, setRefused] = createSignal<ApiError | null>(null);
  function close(): void {
    setLicense(null);
    setRefused(null);
    props.close();
  }
  async function run(): Promise<void> {
    const chosen = license();
    if (!chosen || isBusy()) return;
    setIsBusy(true);
    setRefused(null);
    try {
      await allocate(props.resourceIds, chosen);
      props.done?.();
      close();
    } catch (error) {
      setRefused(withNames(toApiError(error)));
    } finally {
      setIsBusy(false);
    }
  }
  return (
    <ActionDialog
      title={`Allocate ${formatCount(props.resourceIds.length, "resource")}`}
      hint="All or none are allocated. Resources that the license already has are kept."
      isOpen={props.isOpen}
      close={close}
      verb="Allocate"
      run={run}
      isBusy={isBusy()}
      error={refused()}
      disabledReason={license() ? null : "Select a license first."}
    >
      <Picker
        label="License"
        search={licenseSearch}
        value={license()?.id ?? null}
        choose={(choice) => {
          setLicense(choice);
          setRefused(null);
        }}
        placeholder="Search by key or customer"
      />
    </ActionDialog>
  );
}

/** The error, with the identifiers of the resources that are not free. */
function withNames(refused: ApiError): ApiError {
  const { identifiers } = refused.details;
  if (!Array.isArray(identifiers)) return refused;
  const named = identifiers.slice(0, 10).join(", ");
  const more = identifiers.length > 10 ? ` and ${identifiers.length - 10} more` : "";
  return { ...refused, message: `${refused.message} Already allocated: ${named}${more}.` };
}
