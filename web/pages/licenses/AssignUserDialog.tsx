// The dialog that assigns a license to a user.
import { createSignal } from "solid-js";
import { missingRoleReason } from "../../features/account/session.ts";
import { userSearch } from "../../features/pickers/searches.ts";
import { ActionDialog } from "../../ui/ActionDialog.tsx";
import type { Choice } from "../../ui/list/list.ts";
import { Picker } from "../../ui/Picker.tsx";
import { assignTo, type License } from "./license_actions.ts";

export function AssignUserDialog(props: { license: License; isOpen: boolean; close(): void }) {
  const [user, setUser] = createSignal<Choice | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);
  function close(): void {
    setUser(null);
    props.close();
  }
  async function assign(): Promise<void> {
    const chosen = user();
    if (!chosen || missingRoleReason("manager")) return;
    setIsBusy(true);
    const isDone = await assignTo(props.license, chosen.id, `License assigned to ${chosen.title}.`);
    setIsBusy(false);
    if (isDone) close();
  }
  return (
    <ActionDialog
      title="Assign to user"
      hint="The user can use the license in every app they sign in to."
      isOpen={props.isOpen}
      close={close}
      verb="Assign"
      run={assign}
      isBusy={isBusy()}
      disabledReason={missingRoleReason("manager") ?? (user() ? null : "Select a user first.")}
    >
      <Picker
        label="User"
        search={userSearch}
        value={user()?.id ?? null}
        choose={setUser}
        placeholder="Search by email"
      />
    </ActionDialog>
  );
}
