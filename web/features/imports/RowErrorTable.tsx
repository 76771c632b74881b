// The errors of rows that an import refused, by line and column, and the download of the rows.
import { createSignal, For, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { emptyValue, formatCount } from "../../lib/format.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { ExportIcon } from "../../ui/icons.ts";

export interface RowError {
  line: number;
  field: string;
  message: string;
}

/** Errors shown at first. */
const INITIAL_ROWS = 20;

/** Downloads of the rows that a job could not import. */
export function InvalidRowsOfJob(props: { jobId: number }) {
  return (
    <For each={["csv", "xlsx"]}>
      {(format) => (
        <ButtonLink href={withQuery(addresses.invalidRowsOfJob(props.jobId), { format })} download>
          <ExportIcon /> Download {format.toUpperCase()}
        </ButtonLink>
      )}
    </For>
  );
}

/** @param props.label the accessible name of the table */
export function RowErrorTable(props: { errors: RowError[]; label: string }) {
  const [areAllShown, setAreAllShown] = createSignal(false);
  const shown = () => areAllShown() ? props.errors : props.errors.slice(0, INITIAL_ROWS);
  return (
    <>
      <div class="overflow-x-auto" tabindex="0" role="group" aria-label={props.label}>
        <table class="w-full border-collapse text-sm">
          <thead class="text-left text-xs text-muted">
            <tr class="h-9 border-b border-line">
              <th scope="col" class="w-16 px-4 font-medium sm:w-20">Line</th>
              <th scope="col" class="w-24 px-2 font-medium sm:w-44">Column</th>
              <th scope="col" class="px-2 pr-4 font-medium">Error</th>
            </tr>
          </thead>
          <tbody>
            <For each={shown()}>
              {({ line, field, message }) => (
                <tr class="border-b border-line align-top last:border-0">
                  <td class="px-4 py-2">{line}</td>
                  <td class="px-2 py-2 break-words">{field || emptyValue}</td>
                  <td class="px-2 py-2 pr-4 break-words">{message}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <Show when={props.errors.length > INITIAL_ROWS && !areAllShown()}>
        <div class="border-t border-line px-4 py-2">
          <Button variant="quiet" onClick={() => setAreAllShown(true)}>
            Show all {formatCount(props.errors.length, "line")}
          </Button>
        </div>
      </Show>
    </>
  );
}
