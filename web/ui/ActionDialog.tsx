// A dialog that carries out one action: fields, error, "Cancel" and the button of the action.
import { type JSX, Show } from "solid-js";
import type { ApiError } from "../lib/api_error.ts";
import { Button } from "./Button.tsx";
import { Dialog, type DialogProps } from "./Dialog.tsx";
import { Failure } from "./Failure.tsx";

/**
 * @param props.verb the label of the action's button
 * @param props.variant "danger" for an action that cannot be undone
 * @param props.run carries the action out; closing the dialog afterwards is up to the caller
 * @param props.isBusy whether the action is running
 * @param props.error why the action failed
 * @param props.disabledReason why the action cannot be carried out now
 * @param props.children the fields
 */
export function ActionDialog(
  props: Pick<DialogProps, "title" | "hint" | "isOpen" | "close"> & {
    verb: string;
    variant?: "danger";
    run(): Promise<void>;
    isBusy?: boolean;
    error?: Pick<ApiError, "message"> | null;
    disabledReason?: string | null;
    children: JSX.Element;
  },
) {
  return (
    <Dialog title={props.title} hint={props.hint} isOpen={props.isOpen} close={props.close}>
      <form
        class="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void props.run();
        }}
      >
        {props.children}
        <Show when={props.error}>{(error) => <Failure error={error()} />}</Show>
        <div class="flex justify-end gap-2">
          <Button onClick={() => props.close()}>Cancel</Button>
          <Button
            type="submit"
            variant={props.variant ?? "primary"}
            isBusy={props.isBusy}
            disabledReason={props.disabledReason}
          >
            {props.verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
