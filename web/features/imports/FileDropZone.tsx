// The area where a file is chosen or dropped.
import { createSignal, type JSX } from "solid-js";
import { ImportIcon } from "../../ui/icons.ts";

/** The server's limit; bytes. */
const MAX_BYTES = 50 * 1024 * 1024;

export function FileDropZone(
  props: { choose(file: File): void; refuse(message: string): void; children?: JSX.Element },
) {
  const [isOver, setIsOver] = createSignal(false);
  function choose(files: FileList | null | undefined): void {
    const file = files?.[0];
    if (!file) return;
    if (file.size > MAX_BYTES) {
      props.refuse("File is larger than 50 MB. Split it and import the parts.");
    } else props.choose(file);
  }
  return (
    <div class="flex flex-col gap-2">
      <label
        class={`flex flex-col items-center gap-2 rounded-lg border border-dashed px-4 py-10 text-center text-sm has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent ${
          isOver() ? "border-accent bg-accent-soft" : "border-edge hover:bg-sunken"
        }`}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          choose(event.dataTransfer?.files);
        }}
      >
        <ImportIcon class="size-6 text-muted" aria-hidden="true" />
        <span class="text-md font-semibold">Upload a file or drop it here</span>
        <span class="max-w-lg text-muted">
          CSV or spreadsheet (.xlsx, .xls, .xlsb, .ods) up to 50 MB, with a header row. You review it before
          anything is saved.
        </span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,.xlsx,.xls,.xlsb,.ods"
          class="sr-only"
          onChange={(event) => {
            choose(event.currentTarget.files);
            // The same file can be chosen again after it was corrected.
            event.currentTarget.value = "";
          }}
        />
      </label>
      {props.children}
    </div>
  );
}
