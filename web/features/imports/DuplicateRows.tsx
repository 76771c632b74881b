// The duplicates of a table, and what is done with them.
import { For, Show } from "solid-js";
import type { DuplicateHandling } from "../../../server/domain/imports/inputs.ts";
import { formatCount, formatNumber } from "../../lib/format.ts";
import { Card } from "../../ui/Card.tsx";
import type { ImportTarget } from "./import_target.ts";
import type { Duplicates } from "./upload.ts";

/** Rows shown. */
const MAX_ROWS = 10;

export function DuplicateRows(
  props: {
    target: ImportTarget;
    duplicates: Duplicates;
    handling: DuplicateHandling;
    choose(handling: DuplicateHandling): void;
  },
) {
  const count = () => props.duplicates.inFile + props.duplicates.existing;
  return (
    <Card
      title={formatCount(count(), "duplicate")}
      hint={props.target.duplicatesHint}
      flush
    >
      <fieldset class="flex flex-col gap-2 px-4 py-3 text-sm">
        <legend class="sr-only">Duplicate handling</legend>
        <For each={props.target.handlings}>
          {([handling, title, effect]) => (
            <label class="flex items-start gap-2">
              <input
                type="radio"
                name="duplicates"
                class="mt-1"
                checked={props.handling === handling}
                onChange={() => props.choose(handling)}
              />
              <span>
                <span class="font-medium">{title}</span> <span class="text-muted">{effect}</span>
              </span>
            </label>
          )}
        </For>
      </fieldset>
      <div class="overflow-x-auto border-t border-line" tabindex="0" role="group" aria-label="Duplicates">
        <table class="w-full border-collapse text-sm">
          <thead class="text-left text-xs text-muted">
            <tr class="h-9 border-b border-line">
              <th scope="col" class="w-20 px-4 font-medium">Row</th>
              <th scope="col" class="px-2 font-medium">Name</th>
              <th scope="col" class="px-2 pr-4 font-medium">Duplicate of</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.duplicates.rows.slice(0, MAX_ROWS)}>
              {({ line, name, ofLine, ofLeadId, ofCustomerId, ofLicenseId, ofDeviceId }) => (
                <tr class="border-b border-line last:border-0">
                  <td class="px-4 py-2">{line}</td>
                  <td class="px-2 py-2 break-words">{name}</td>
                  <td class="px-2 py-2 pr-4">
                    <Show
                      when={ofLeadId ?? ofCustomerId ?? ofLicenseId ?? ofDeviceId}
                      fallback={`row ${formatNumber(ofLine!)}`}
                    >
                      {(id) => (
                        <a class="underline" href={props.target.href(id())} target="_blank">
                          existing {props.target.one}
                        </a>
                      )}
                    </Show>
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <Show when={count() > MAX_ROWS}>
        <p class="border-t border-line px-4 py-2 text-sm text-muted">
          And {formatNumber(count() - MAX_ROWS)} more.
        </p>
      </Show>
    </Card>
  );
}
