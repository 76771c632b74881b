// The dialog that assigns a license to a user, and taking a license away.
import { createSignal, Show } from "solid-js";
import { editInline, type SeenObject } from "../../features/details/inline_edit.ts";
import { fetchQuery } from "../../lib/queries.ts";
import { licenseSearch, userSearch } from "../../features/pickers/searches.ts";
import { unknownRevision } from "../../lib/changes.ts";
import { emptyValue } from "../../lib/format.ts";
import { ActionDialog } from "../../ui/ActionDialog.tsx";
import type { License } from "../../features/licenses/LicenseList.tsx";
import type { Choice } from "../../ui/list/list.ts";
import { Picker } from "../../ui/Picker.tsx";
import { toastError } from "../../ui/Toasts.tsx";

type Assignment = SeenObject<"assignments">;

function assign(license: Assignment, userId: number | null, message: string): Promise<boolean> {
  const text = (id: unknown) => id === null ? emptyValue : userSearch.name(Number(id));
  return editInline("assignments", license, { userId }, {
    message,
    fields: { userId: { label: "User", text } },
  });
}

/** Unassigns a license from its user, as its row shows it: one who was assigned since is asked about. */
export async function unassignLicense({ id, key, userId }: License): Promise<void> {
  try {
    const now = await fetchQuery("licenses", "get", { id });
    const revision = now.userId === userId ? now.revision : unknownRevision;
    await assign({ id, revision, userId }, null, `License ${key} unassigned.`);
  } catch (error) {
    toastError(error);
  }
}

export function AssignLicenseDialog(
  props: { userId: number; name: string; isOpen: boolean; close(): void },
) {
  const [chosen, setChosen] = createSignal<Choice | null>(null);
  const [owner, setOwner] = createSignal<string | null>(null);
  /** The chosen license, as it is while its owner is shown. */
  const [seen, setSeen] = createSignal<Assignment | null>(null);
  async function choose(choice: Choice | null): Promise<void> {
    setChosen(choice);
    setOwner(null);
    setSeen(null);
    if (!choice) return;
    const { id, revision, userId, userEmail } = await fetchQuery("licenses", "get", { id: choice.id });
    if (chosen()?.id !== choice.id) return;
    setSeen({ id, revision, userId });
    if (userId !== null && userId !== props.userId) setOwner(userEmail);
  }
  function close(): void {
    setChosen(null);
    setOwner(null);
    setSeen(null);
    props.close();
  }
  async function submit(): Promise<void> {
    const license = chosen();
    const assignment = seen();
    if (!license || !assignment) return;
    if (await assign(assignment, props.userId, `License ${license.title} assigned to ${props.name}.`)) {
      close();
    }
  }
  return (
    <ActionDialog
      title="Assign license"
      hint={`${props.name} can use it by signing in. The key keeps working.`}
      isOpen={props.isOpen}
      close={close}
      verb="Assign"
      run={submit}
      disabledReason={seen() ? null : "Select a license first."}
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
