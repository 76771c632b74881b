// The dialog that shows new recovery codes once, to copy or download.
import { createSignal, For } from "solid-js";
import { downloadText } from "../../lib/download.ts";
import { me } from "./session.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { CheckIcon, CopyIcon, ExportIcon } from "../../ui/icons.ts";

export function RecoveryCodes(props: { codes: string[] | null; done(): void }) {
  const [isCopied, setIsCopied] = createSignal(false);
  const text = () => (props.codes ?? []).join("\n");
  return (
    <Dialog
      title="Save your recovery codes"
      hint="If you lose your authenticator app, each code works once. They won't be shown again."
      isOpen={props.codes !== null}
      stays
      close={props.done}
    >
      <div class="flex flex-col gap-4">
        <ul class="grid grid-cols-1 gap-x-6 gap-y-1 rounded-md bg-sunken p-3 font-mono text-sm sm:grid-cols-2">
          <For each={props.codes}>{(code) => <li class="break-all">{code}</li>}</For>
        </ul>
        <div class="flex flex-wrap gap-2">
          <Button
            onClick={() => void navigator.clipboard.writeText(text()).then(() => setIsCopied(true))}
          >
            {isCopied() ? <CheckIcon /> : <CopyIcon />} {isCopied() ? "Copied" : "Copy"}
          </Button>
          <Button
            onClick={() =>
              downloadText(
                "latchkey-recovery-codes.txt",
                `Recovery codes of ${me()?.email} for ${location.origin}\nEach works once.\n\n${text()}\n`,
              )}
          >
            <ExportIcon /> Download
          </Button>
          <Button class="ml-auto" variant="primary" onClick={() => props.done()}>I've saved them</Button>
        </div>
      </div>
    </Dialog>
  );
}
