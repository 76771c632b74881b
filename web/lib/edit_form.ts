// Forms that edit what exists. The form follows the object while it is open: fields that the person did not change show what
// others saved, and saving sends only the fields that differ.
import { createEffect, createMemo, on } from "solid-js";
import type { z } from "zod";
import { differing, type Edit, follow, type Markers, pick } from "./changes.ts";
import {
  type ChangesOf,
  type EditedKind,
  type IdOf,
  type Outcome,
  type SavedOf,
  saveEdit,
  sendEdit,
} from "./edits.ts";
import { createForm, type Form, type FormState } from "./form.ts";

/** What was saved, and the values that were replaced, with which it can be undone. */
export interface SavedEdit<Kind extends EditedKind> {
  saved: SavedOf<Kind>;
  changes: ChangesOf<Kind>;
  before: ChangesOf<Kind>;
}

export interface EditFormOptions<Kind extends EditedKind, Item extends object, Values extends object> {
  kind: Kind;
  /** The object as it is now. */
  object(): Item & { id: IdOf<Kind>; revision: string };
  /** The values of the form's fields. */
  valuesOf(object: Item): Values;
  /** The server's schema of the changes. */
  schema: z.ZodType<ChangesOf<Kind>>;
  /** Converts the values of the fields to the API's fields; by default they are used as they are. */
  prepare?(values: Values): object;
  /** For a field whose value is not shown, the one that tells when it was changed. */
  markers?: Markers;
  /** The name under which a draft is stored, "customer/1". Without it, none is stored. */
  draft?: string;
  /** Runs after saving, when the form shows what was saved. */
  saved?(edit: SavedEdit<Kind>, form: Form<Values>): void;
}

/** Creates the state of a form that edits an object. */
export function createEditForm<Kind extends EditedKind, Item extends object, Values extends object>(
  options: EditFormOptions<Kind, Item, Values>,
): Form<Values> {
  const { kind, object, valuesOf, markers } = options;
  const { id } = object();
  const inputOf = (values: Values): object => options.prepare?.(values) ?? values;
  const changesOf = ({ seen, changed }: Edit<Values>) =>
    differing(inputOf({ ...seen, ...changed }), inputOf(seen));
  const current = () => ({ values: valuesOf(object()), revision: object().revision });

  const form: FormState<Values> = createForm<
    Values,
    ChangesOf<Kind>,
    { outcome: Outcome<SavedEdit<Kind>>; sent: Values }
  >({
    schema: options.schema,
    start: current().values,
    edited: { revision: current().revision },
    draft: options.draft,
    // Only what differs is checked: a value from before the schema's rule must not keep others from being saved.
    prepare: () => changesOf(form.edit()),
    save: () => save(form.edit()),
    saved({ outcome, sent }) {
      if (outcome.state !== "saved") return;
      const { saved } = outcome.saved;
      // What was typed while it was being saved is a change of what was saved.
      const changed = differing(form.now(), sent);
      form.rebase({ seen: valuesOf({ ...object(), ...saved }), changed, revision: saved.revision });
      options.saved?.(outcome.saved, edited);
    },
  });

  async function save(edit: Edit<Values>) {
    let sent = form.now();
    const outcome = await saveEdit<Values, SavedEdit<Kind>>(edit, {
      async send(edit) {
        const changes = options.schema.parse(changesOf(edit));
        const names = Object.keys(changes as object);
        const before = pick(inputOf(edit.seen), names) as ChangesOf<Kind>;
        return { saved: await sendEdit(kind, { id, changes, revision: edit.revision }), changes, before };
      },
      read: (values) => valuesOf({ ...object(), ...values }),
      describe: form.descriptionOf,
      markers,
      merged(edit) {
        form.rebase(edit);
        sent = form.now();
      },
    });
    return { outcome, sent };
  }

  const revision = createMemo(() => object().revision);
  createEffect(
    on(revision, () => form.rebase(follow(form.edit(), current(), markers)), { defer: true }),
  );
  const edited: Form<Values> = {
    ...form,
    reset: (values) =>
      values
        ? form.reset(values)
        : form.rebase({ seen: current().values, changed: {}, revision: current().revision }),
  };
  return edited;
}
