// The dialog that assigns a license to a user, and taking a license away.
import { createSignal, Show } from "solid-js";
import { fetchQuery, refresh } from "../../lib/queries.ts";
import { licenseSearch } from "../../features/pickers/searches.ts";
import { trpc } from "../../lib/trpc.ts";
import { ActionDialog } from "../../ui/ActionDialog.tsx";
import type { License } from "../../features/licenses/LicenseList.tsx";
import type { Choice } from "../../ui/list/list.ts";
import { Picker } from "../../ui/Picker.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";

async function assign(id: number, userId: number | null): Promise<void> {
  await trpc.licenses.assign.mutate({ id, userId });
  refresh();
}

/** Unassigns a license from its user. */
export function unassignLicense({ id, key, userId }: License): void {
  void runWithToast(() => assign(id, null), `License ${key} unassigned.`, () => assign(id, userId));
}

export function AssignLicenseDialog(
  props: { userId: number; name: string; isOpen: boolean; close(): void },
) {
  const [chosen, setChosen] = createSignal<Choice | null>(null);
  const [owner, setOwner] = createSignal<string | null>(null);
  async function choose(choice: Choice | null): Promise<void> {
    setChosen(choice);
    setOwner(null);
    if (!choice) return;
    const { userId, userEmail } = await fetchQuery("licenses", "get", { id: choice.id });
    if (userId !== null && userId !== props.userId && chosen()?.id === choice.id) setOwner(userEmail);
  }
  function close(): void {
    setChosen(null);
    setOwner(null);
    props.close();
  }
  async function submit(): Promise<void> {
    const license = chosen();
    if (!license) return;
    const { userId } = await fetchQuery("licenses", "get", { id: license.id });
    const done = await runWithToast(
      () => assign(license.id, props.userId),
      `License ${license.title} assigned to ${props.name}.`,
      () => assign(license.id, userId),
    );
    if (done) close();
  }
  return (
    <ActionDialog
      title="Assign license"
      hint={`${props.name} can use it by signing in. The key keeps working.`}
      isOpen={props.isOpen}
      close={close}
      verb="Assign"
      run={submit}
      disabledReason={chosen() ? null : "Select a license first."}
    >
      <Picker
        label="License"
        search={licenseSearch}
        value={chosen()?.id ?? null}
        choose={(choice) => void choose(choice)}
        placeholder="Search by key or customer"
      />
      <Show when={owner()}>
        {(email) => (
          <p class="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn" role="status">
            Currently assigned to {email()}, who will lose it.
          </p>
        )}
      </Show>
    </ActionDialog>
  );
}
