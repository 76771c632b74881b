// The button that deletes an object, with an undo, or restores a deleted one.
import { useNavigate } from "@solidjs/router";
import { Show } from "solid-js";
import { RESTORABLE_FOR } from "../../../server/domain/list_inputs.ts";
import { formatDay } from "../../lib/format.ts";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { DeleteIcon, RestoreIcon } from "../../ui/icons.ts";
import { runWithToast } from "../../ui/Toasts.tsx";
import { missingRoleReason } from "../account/session.ts";

const DAY_MS = 86_400_000;
const restorableUntil = (deletedAt: string) => Date.parse(deletedAt) + RESTORABLE_FOR * DAY_MS;

/** "Deleted. It can be restored until 3 Jan 2027." */
export function describeDeletion(deletedAt: string): string {
  const until = restorableUntil(deletedAt);
  return until < Date.now()
    ? `Deleted more than ${RESTORABLE_FOR} days ago.`
    : `Deleted. It can be restored until ${formatDay(new Date(until).toISOString())}.`;
}

/** Routers whose objects are kept for a while after they are deleted. */
type RestorableNoun = "customers" | "leads" | "plans" | "products" | "releases" | "resources";

/**
 * @param props.object what is deleted: the router it belongs to, its id, its name and when it was deleted
 * @param props.list the URL of its list, which follows a deletion
 */
export function DeleteOrRestore(
  props: {
    object: { noun: RestorableNoun; id: number; name: string; deletedAt: string | null };
    list: string;
  },
) {
  const navigate = useNavigate();
  /** Why the server would refuse to delete it. */
  const conflict = useApiQuery(
    props.object.noun,
    "deleteConflict",
    () => props.object.deletedAt ? null : { id: props.object.id },
  );
  async function remove(): Promise<void> {
    // Undo may run after this component is gone, when its props must not be read any more.
    const { object: { noun, id, name }, list } = props;
    const isDone = await runWithToast(
      async () => {
        // Refused when someone else has deleted it.
        await trpc[noun].delete.mutate({ id });
        refresh();
        return true;
      },
      `${name} deleted. It can be restored for ${RESTORABLE_FOR} days.`,
      () => trpc[noun].restore.mutate({ id }).then(() => refresh()),
    );
    if (isDone) navigate(list);
  }
  const restore = () => {
    const { noun, id, name } = props.object;
    return runWithToast(
      () => trpc[noun].restore.mutate({ id }).then(() => refresh()),
      `${name} restored.`,
    );
  };
  return (
    <Show
      when={props.object.deletedAt}
      fallback={
        <Button
          variant="danger"
          disabledReason={missingRoleReason("manager") ?? conflict.data}
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
            (restorableUntil(deletedAt()) < Date.now()
              ? `It was deleted more than ${RESTORABLE_FOR} days ago.`
              : null)}
          onClick={() => void restore()}
        >
          <RestoreIcon /> Restore
        </Button>
      )}
    </Show>
  );
}
