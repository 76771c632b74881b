// Where the request of an app is pasted, typed, or dropped as a file.
import { createSignal } from "solid-js";
import { MAX_FILE_LENGTH } from "../../../server/domain/license_files/inputs.ts";
import { Button } from "../../ui/Button.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";

/**
 * @param props.changed the text is another one than that which was read
 * @param props.read reads the text
 */
export function RequestEntry(props: { isBusy: boolean; changed(): void; read(text: string): void }) {
  const [text, setText] = createSignal("");
  const [wrong, setWrong] = createSignal<string | null>(null);
  function enter(text: string): void {
    setText(text);
    setWrong(null);
    props.changed();
  }
  async function take(files: FileList | null | undefined): Promise<void> {
    const file = files?.[0];
    if (!file) return;
    // A request is much shorter.
    if (file.size > MAX_FILE_LENGTH) return void setWrong("This file is too large to be a request.");
    enter(await file.text());
    props.read(text());
  }
  function submit(event: Event): void {
    event.preventDefault();
    if (props.isBusy) return;
    if (text().trim() === "") setWrong("Paste the request that the app shows.");
    else props.read(text());
  }
  return (
    <form class="flex flex-col gap-4" novalidate onSubmit={submit}>
      <Field
        label="Request"
        hint="From BEGIN LATCHKEY REQUEST to END LATCHKEY REQUEST. You can drop the file here."
        error={wrong()}
      >
        {(parts) => (
          <textarea
            id={parts.id}
            name="request"
            rows={7}
            class={`${inputClass} h-auto touch:h-auto py-1.5 font-mono`}
            spellcheck={false}
            maxlength={MAX_FILE_LENGTH}
            value={text()}
            aria-describedby={parts.describedBy}
            aria-invalid={parts.isInvalid}
            onInput={(event) => enter(event.currentTarget.value)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              if (!event.dataTransfer?.files.length) return;
              event.preventDefault();
              void take(event.dataTransfer.files);
            }}
          />
        )}
      </Field>
      <Field label="Or choose its file">
        {(parts) => (
          <input
            id={parts.id}
            type="file"
            class="text-sm file:mr-3 file:h-8 touch:file:h-11 file:rounded-md file:border file:border-line file:bg-surface file:px-3"
            onChange={(event) => {
              void take(event.currentTarget.files);
              // The same file can be chosen again after it was changed.
              event.currentTarget.value = "";
            }}
          />
        )}
      </Field>
      <div>
        <Button type="submit" isBusy={props.isBusy}>Preview</Button>
      </div>
    </form>
  );
}
