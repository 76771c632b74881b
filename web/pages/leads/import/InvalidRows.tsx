// What is wrong with the rows that cannot be imported, by line and column, to read and to take along.
import { createSignal, For, Show } from "solid-js";
import { downloadCsv } from "../../../lib/download.ts";
import { formatCount, formatNumber } from "../../../lib/format.ts";
import type { ImportReport } from "./upload.ts";
import { Button } from "../../../ui/Button.tsx";
import { Card } from "../../../ui/Card.tsx";
import { ExportIcon } from "../../../ui/icons.ts";

/** So many are shown at once. */
const SHOWN = 20;

export function InvalidRows(props: { report: ImportReport; title: string }) {
  const [areAllShown, setAreAllShown] = createSignal(false);
  const shown = () => areAllShown() ? props.report.errors : props.report.errors.slice(0, SHOWN);
  const download = () =>
    void downloadCsv("bad rows", [
      ["Line", "Column", "What is wrong"],
      ...props.report.errors.map(({ line, field, message }) => [line, field, message]),
    ]);
  return (
    <Card
      title={props.title}
      hint={props.report.failed > props.report.errors.length
        ? `The first ${formatNumber(props.report.errors.length)} things that are wrong.`
        : "Correct these lines in your table; the others are not affected."}
      flush
      actions={
        <Button onClick={download}>
          <ExportIcon /> Download as CSV
        </Button>
      }
    >
      <div class="overflow-x-auto" tabindex="0" role="group" aria-label={props.title}>
        <table class="w-full border-collapse text-sm">
          <thead class="text-left text-xs text-muted">
            <tr class="h-9 border-b border-line">
              <th scope="col" class="w-20 px-4 font-medium">Line</th>
              <th scope="col" class="w-44 px-2 font-medium">Column</th>
              <th scope="col" class="px-2 pr-4 font-medium">What is wrong</th>
            </tr>
          </thead>
          <tbody>
            <For each={shown()}>
              {({ line, field, message }) => (
                <tr class="border-b border-line align-top last:border-0">
                  <td class="px-4 py-2">{line}</td>
                  <td class="px-2 py-2 break-words">{field}</td>
                  <td class="px-2 py-2 pr-4 break-words">{message}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <Show when={props.report.errors.length > SHOWN && !areAllShown()}>
        <div class="border-t border-line px-4 py-2">
          <Button variant="quiet" onClick={() => setAreAllShown(true)}>
            Show all {formatCount(props.report.errors.length, "line")}
          </Button>
        </div>
      </Show>
    </Card>
  );
}
