// The button that deletes a thing, with an undo, and the one that brings a deleted one back.
import { useNavigate } from "@solidjs/router";
import { Show } from "solid-js";
import { RESTORABLE_FOR } from "../../../server/domain/list_inputs.ts";
import { refresh } from "../../lib/queries.ts";
import { formatDay } from "../../lib/format.ts";
import { missingRoleReason } from "../account/session.ts";
import { Button } from "../../ui/Button.tsx";
import { DeleteIcon, RestoreIcon } from "../../ui/icons.ts";
import { runWithToast } from "../../ui/Toasts.tsx";

const DAY = 86_400_000;
const endOf = (deletedAt: string) => new Date(deletedAt).getTime() + RESTORABLE_FOR * DAY;

/** What the page of a deleted thing says of it. */
export function describeDeletion(deletedAt: string): string {
  return endOf(deletedAt) < Date.now()
    ? `Deleted more than ${RESTORABLE_FOR} days ago.`
    : `Deleted. It can be restored until ${formatDay(new Date(endOf(deletedAt)).toISOString())}.`;
}

export function DeleteOrRestore(
  props: {
    name: string;
    deletedAt: string | null;
    /** The list it is in, where deleting it leads. */
    list: string;
    /** Why it cannot be deleted now, by whoever may. */
    disabledReason?: string | null;
    remove(): Promise<unknown>;
    restore(): Promise<unknown>;
  },
) {
  const navigate = useNavigate();
  async function remove(): Promise<void> {
    // Undoing comes when this page is gone, and must not ask it anything.
    const { name, list, restore } = props;
    const done = await runWithToast(
      () => props.remove().then(() => refresh()),
      `${name} is deleted. It can be restored for ${RESTORABLE_FOR} days.`,
      () => restore().then(() => refresh()),
    );
    if (done) navigate(list);
  }
  const restore = () =>
    runWithToast(() => props.restore().then(() => refresh()), `${props.name} is restored.`);
  return (
    <Show
      when={props.deletedAt}
      fallback={
        <Button
          variant="danger"
          disabledReason={missingRoleReason("manager") ?? props.disabledReason}
          onClick={() => void remove()}
        >
          <DeleteIcon /> Delete
        </Button>
      }
    >
      {(deletedAt) => (
        <Button
          variant="primary"
          disabledReason={missingRoleReason("manager") ??
            (endOf(deletedAt()) < Date.now() ? `It was deleted more than ${RESTORABLE_FOR} days ago.` : null)}
          onClick={() => void restore()}
        >
          <RestoreIcon /> Restore
        </Button>
      )}
    </Show>
  );
}
