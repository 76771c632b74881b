// Edits without a form: a stage, a role, a switch. They are saved at once, and a toast offers to undo them.
import type { FieldDescription } from "../../lib/changes.ts";
import { pick, unknownRevision } from "../../lib/changes.ts";
import { type ChangesOf, type EditedKind, type IdOf, type SavedOf, saveFields } from "../../lib/edits.ts";
import { toast, toastError } from "../../ui/Toasts.tsx";

/** The object as the person sees it. A row of a list may have no revision. */
export type SeenObject<Kind extends EditedKind> = ChangesOf<Kind> & { id: IdOf<Kind>; revision?: string };

/**
 * Saves changes of fields. Another person's change of the same field is shown, and the person asked; their undo asks as well.
 *
 * @param how.message what the toast says
 * @param how.fields how the fields are called and shown where they are asked about
 * @returns whether they were saved
 */
export async function editInline<Kind extends EditedKind>(
  kind: Kind,
  object: SeenObject<Kind>,
  changes: ChangesOf<Kind>,
  how: { message: string; fields: Record<string, FieldDescription> },
): Promise<boolean> {
  const { id, revision = unknownRevision } = object;
  const before = pick<ChangesOf<Kind>>(object, Object.keys(changes));
  try {
    const outcome = await saveFields(kind, { id, seen: object, changed: changes, revision }, how.fields);
    if (outcome.state !== "saved") return false;
    offerUndo(how.message, kind, { id, saved: outcome.saved, changes, before }, how.fields);
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}

/** Says that changes were saved, and offers to put back the values before. */
export function offerUndo<Kind extends EditedKind>(
  message: string,
  kind: Kind,
  edit: {
    id: IdOf<Kind>;
    saved: SavedOf<Kind>;
    changes: ChangesOf<Kind>;
    before: Partial<ChangesOf<Kind>>;
  },
  fields: Record<string, FieldDescription> = {},
): void {
  const { id, saved, changes, before } = edit;
  toast(message, {
    async undo() {
      const edit = { id, seen: changes, changed: before, revision: saved.revision };
      const { state } = await saveFields(kind, edit, fields);
      if (state === "cancelled") throw new Error("Nothing was undone.");
    },
  });
}
