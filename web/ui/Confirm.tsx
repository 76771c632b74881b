// The confirmation of an action that cannot be undone: the name has to be typed. Other actions offer an undo instead.
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { type ApiError, toApiError } from "../lib/api_error.ts";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";
import { Failure } from "./Failure.tsx";
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
  async function run(event: Event) {
    event.preventDefault();
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
    <Dialog title={props.title} isOpen={props.isOpen} close={props.close}>
      <form class="flex flex-col gap-4" onSubmit={run}>
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
        <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
        <div class="flex justify-end gap-2">
          <Button onClick={() => props.close()}>Cancel</Button>
          <Button
            type="submit"
            variant="danger"
            isBusy={isBusy()}
            disabledReason={typed().trim() === props.name ? null : "Type the name first."}
          >
            {props.verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
