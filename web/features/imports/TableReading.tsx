// How a table was read: its format, the sheet or encoding, which can be changed, and warnings.
import { createSignal, For, Match, Show, Switch } from "solid-js";
import { formatCount, formatNumber } from "../../lib/format.ts";
import { Button } from "../../ui/Button.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";
import type { ImportChoices, TableReading as Reading } from "./upload.ts";

const separators: Record<string, string> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "pipes",
};

/** Encodings of text files that spreadsheet programs write. */
const encodings = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "macintosh",
  "shift_jis",
];

/** Warnings shown at first. */
const INITIAL_WARNINGS = 3;

export function TableReading(
  props: {
    reading: Reading;
    choices: ImportChoices;
    read(as: Pick<ImportChoices, "sheet" | "encoding">): void;
  },
) {
  const [areAllShown, setAreAllShown] = createSignal(false);
  const shown = () =>
    areAllShown() ? props.reading.warnings : props.reading.warnings.slice(0, INITIAL_WARNINGS);
  return (
    <div class="mt-3 flex flex-col gap-3 border-t border-line pt-3 text-sm">
      <div class="flex flex-wrap items-center gap-x-6 gap-y-3">
        <p class="min-w-0 flex-1 basis-64 text-muted">
          Format: {props.reading.format.toUpperCase()}
          <Show when={props.reading.separator}>
            {(separator) => <>, separated by {separators[separator()] ?? separator()}</>}
          </Show>
          . Header row: {formatNumber(props.reading.headingLine)}.
        </p>
        <Switch>
          <Match when={props.reading.sheets.length > 1}>
            <Field label="Sheet" class="w-56">
              {({ id }) => (
                <select
                  id={id}
                  class={inputClass}
                  onChange={(event) => props.read({ sheet: event.currentTarget.value })}
                >
                  <For each={props.reading.sheets}>
                    {({ name, hidden, rowCount }) => (
                      <option value={name} selected={name === props.reading.sheet}>
                        {`${name} (${formatCount(rowCount, "row")}${hidden ? ", hidden" : ""})`}
                      </option>
                    )}
                  </For>
                </select>
              )}
            </Field>
          </Match>
          <Match when={props.reading.encoding}>
            {(encoding) => (
              <Field label="Encoding" class="w-56">
                {({ id }) => (
                  <select
                    id={id}
                    class={inputClass}
                    onChange={(event) => props.read({ encoding: event.currentTarget.value || undefined })}
                  >
                    <option value="" selected={!props.choices.encoding}>Detected: {encoding()}</option>
                    <For each={encodings}>
                      {(name) => (
                        <option value={name} selected={props.choices.encoding === name}>{name}</option>
                      )}
                    </For>
                  </select>
                )}
              </Field>
            )}
          </Match>
        </Switch>
      </div>
      <Show when={props.reading.warningCount > 0}>
        <div>
          <p class="font-medium text-warn">{formatCount(props.reading.warningCount, "warning")}</p>
          <ul class="mt-1 flex flex-col gap-1">
            <For each={shown()}>
              {({ line, message }) => (
                <li class="break-words">
                  <span class="text-muted">Row {formatNumber(line)}:</span> {message}
                </li>
              )}
            </For>
          </ul>
          <Show when={props.reading.warnings.length > INITIAL_WARNINGS && !areAllShown()}>
            <Button variant="quiet" onClick={() => setAreAllShown(true)}>
              Show {formatCount(props.reading.warnings.length, "warning")}
            </Button>
          </Show>
        </div>
      </Show>
    </div>
  );
}
