// The dialog that assigns a license to a user.
import { createSignal } from "solid-js";
import { userSearch } from "../../features/pickers/searches.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import type { Choice } from "../../ui/list/list.ts";
import { Picker } from "../../ui/Picker.tsx";
import { assignTo, type License } from "./license_actions.ts";

export function AssignUserDialog(props: { license: License; isOpen: boolean; close(): void }) {
  return (
    <Dialog
      title="Assign to a user"
      hint="The user has it in every app they sign in to."
      isOpen={props.isOpen}
      close={props.close}
    >
      <Fields license={props.license} close={props.close} />
    </Dialog>
  );
}

function Fields(props: { license: License; close(): void }) {
  const [user, setUser] = createSignal<Choice | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);
  async function assign(event: Event): Promise<void> {
    event.preventDefault();
    const chosen = user();
    if (!chosen || missingRoleReason("manager")) return;
    setIsBusy(true);
    const done = await assignTo(props.license, chosen.id, `${chosen.title} has this license now.`);
    setIsBusy(false);
    if (done) props.close();
  }
  return (
    <form class="flex flex-col gap-4" onSubmit={assign}>
      <Picker
        label="User"
        search={userSearch}
        value={user()?.id ?? null}
        choose={setUser}
        placeholder="Type part of the email address"
      />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.close()}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          isBusy={isBusy()}
          disabledReason={missingRoleReason("manager") ?? (user() ? null : "Choose a user first.")}
        >
          Assign
        </Button>
      </div>
    </form>
  );
}
