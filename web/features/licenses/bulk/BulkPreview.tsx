// The preview of a bulk change: counts, and the first licenses with their values before and after.
import { For, Show } from "solid-js";
import { formatCount, formatNumber } from "../../../lib/format.ts";
import { LicenseKey } from "../LicenseKey.tsx";
import { actionLabels, type BulkAction, describeChange, type Preview } from "./bulk.ts";

export function BulkPreview(props: { action: BulkAction; preview: Preview; newCustomer?: string }) {
  const effects = () => {
    const { changes, unchanged, missing, machines, webhooks, eventType } = props.preview;
    const labels = actionLabels[props.action];
    return [
      `${formatCount(changes, "license")} will change.`,
      unchanged > 0 && `${formatNumber(unchanged)} unchanged: ${labels.unchanged}.`,
      missing > 0 && `${formatNumber(missing)} no longer exist.`,
      changes > 0 && machines > 0 && `${formatCount(machines, "device")} ${labels.machines}.`,
      changes > 0 &&
      (webhooks > 0
        ? `${formatCount(webhooks, "webhook")} will be notified (${eventType}).`
        : "No webhooks will be notified."),
    ].filter((effect) => effect !== false);
  };
  return (
    <>
      <ul class="flex list-disc flex-col gap-1 pl-5 text-sm" aria-label="Summary of changes">
        <For each={effects()}>{(effect) => <li>{effect}</li>}</For>
      </ul>
      <Show when={props.preview.first.length > 0}>
        <div
          class="overflow-x-auto rounded-md border border-line"
          tabindex="0"
          role="group"
          aria-label="Affected licenses"
        >
          <table class="w-full border-collapse text-sm">
            <caption class="px-3 py-1.5 text-left text-xs text-muted">
              {props.preview.changes > props.preview.first.length
                ? `First ${props.preview.first.length}`
                : "All affected licenses"}
            </caption>
            <thead class="text-left text-xs text-muted">
              <tr class="border-y border-line">
                <th scope="col" class="h-8 px-3 font-medium">Key</th>
                <th scope="col" class="px-3 font-medium">Customer</th>
                <th scope="col" class="px-3 font-medium">Current</th>
                <th scope="col" class="px-3 font-medium">New</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.preview.first}>
                {(license) => {
                  const [before, after] = describeChange(props.action, license, props.newCustomer);
                  return (
                    <tr class="h-8 border-b border-line last:border-0">
                      <th scope="row" class="px-3 text-left font-normal whitespace-nowrap">
                        <LicenseKey text={license.key} />
                      </th>
                      <td class="max-w-60 truncate px-3">{license.customerName}</td>
                      <td class="px-3 whitespace-nowrap text-muted">{before}</td>
                      <td class="px-3 font-medium whitespace-nowrap">{after}</td>
                    </tr>
                  );
                }}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
    </>
  );
}
