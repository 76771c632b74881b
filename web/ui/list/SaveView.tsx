// The dialog that names a saved view.
import { createSignal } from "solid-js";
import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { Field, inputClass } from "../Field.tsx";
import type { ListState } from "./list.ts";

export function SaveView(props: { isOpen: boolean; close(): void; state: ListState }) {
  const [name, setName] = createSignal("");
  function save(event: Event): void {
    event.preventDefault();
    const title = name().trim();
    if (!title) return;
    const others = props.state.views().filter((view) => view.name !== title);
    props.state.setViews([...others, { name: title, search: props.state.search() }]);
    setName("");
    props.close();
  }
  return (
    <Dialog
      title="Save view"
      hint="Saves current filters, search and sort order."
      isOpen={props.isOpen}
      close={props.close}
    >
      <form class="flex flex-col gap-4" onSubmit={save}>
        <Field label="Name">
          {(parts) => (
            <input
              id={parts.id}
              class={inputClass}
              value={name()}
              maxlength={80}
              placeholder="Expires this month"
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" disabledReason={name().trim() ? null : "Enter a name."}>
          Save view
        </Button>
      </form>
    </Dialog>
  );
}
