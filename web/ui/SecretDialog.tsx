// The dialog that shows a new secret once. It stays open until the administrator confirms that they have stored it.
import type { JSX } from "solid-js";
import { Button } from "./Button.tsx";
import { CodeBlock } from "./Code.tsx";
import { Dialog } from "./Dialog.tsx";

export function SecretDialog(
  props: {
    title: string;
    /** The name of the secret on the copy button: "the key". */
    label: string;
    secret: string;
    /** What to do with it. */
    children?: JSX.Element;
    close(): void;
  },
) {
  return (
    <Dialog
      title={props.title}
      hint="Copy this secret now – you won't see it again."
      isOpen
      stays
      close={() => props.close()}
    >
      <div class="flex flex-col gap-4 text-sm">
        <CodeBlock text={props.secret} label={props.label} />
        {props.children}
        <div class="flex justify-end">
          <Button variant="primary" onClick={() => props.close()}>Done</Button>
        </div>
      </div>
    </Dialog>
  );
}
