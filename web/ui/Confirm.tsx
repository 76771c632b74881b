// The confirmation of an action that cannot be undone: the name has to be typed. Other actions offer an undo instead.
import { createSignal, createUniqueId, type JSX } from "solid-js";
import { type ApiError, toApiError } from "../lib/api_error.ts";
import { ActionDialog } from "./ActionDialog.tsx";
import { inputClass } from "./Field.tsx";

export function Confirm(
  props: {
    title: string;
    /** The effects of the action. */
    children: JSX.Element;
    /** The text to type. */
    name: string;
    /** The label of the button. */
    verb: string;
    isOpen: boolean;
    close(): void;
    run(): Promise<unknown>;
  },
) {
  const id = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [isBusy, setIsBusy] = createSignal(false);
  const [refused, setRefused] = createSignal<ApiError | null>(null);
  async function run(): Promise<void> {
    if (typed().trim() !== props.name || isBusy()) return;
    setIsBusy(true);
    setRefused(null);
    try {
      await props.run();
      setTyped("");
      props.close();
    } catch (error) {
      setRefused(toApiError(error));
    } finally {
      setIsBusy(false);
    }
  }
  return (
    <ActionDialog
      title={props.title}
      isOpen={props.isOpen}
      close={props.close}
      verb={props.verb}
      variant="danger"
      run={run}
      isBusy={isBusy()}
      error={refused()}
      disabledReason={typed().trim() === props.name ? null : "Type the name to confirm."}
    >
      <div class="text-sm">{props.children}</div>
      <div class="flex flex-col gap-1">
        <label for={id} class="text-sm">
          Type <strong class="font-mono">{props.name}</strong> to confirm
        </label>
        <input
          id={id}
          class={inputClass}
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
          autocomplete="off"
          spellcheck={false}
        />
      </div>
    </ActionDialog>
  );
}
