// What the terms of a plan do, or did, to its licenses: counts by term, and what is refused then.
import { For, Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { formatCount, formatNumber } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { describeCode } from "../licenses/code_labels.ts";
import { termLabels } from "./term_labels.ts";

export type Report = NonNullable<Outputs["plans"]["previewTerms"]["report"]>;

export function PlanTermsReport(props: { report: Report; isDone?: boolean }) {
  const will = () => props.isDone ? "" : "will ";
  const effects = () => {
    const { licenses, changed, contradicting, full, refused, overLimit, lapsing, fullSeats, fullMeters } =
      props.report;
    return [
      `${formatNumber(changed)} of ${formatCount(licenses, "license")} ${will()}change${
        props.isDone ? "d" : ""
      }.`,
      contradicting > 0 &&
      `${formatCount(contradicting, "license")} ${will()}keep all terms: the plan's contradict their own.`,
      full > 0 && `${formatCount(full, "license")} ${will()}refuse new devices. Active devices stay active.`,
      overLimit.machines > 0 &&
      `${formatCount(overLimit.machines, "active device")} on ${formatCount(overLimit.licenses, "license")} ${
        props.isDone ? "are" : "will be"
      } beyond the activation limit.`,
      lapsing > 0 &&
      `${formatCount(lapsing, "device")} ${will()}lapse: they were not heard of for the new lease.`,
      fullSeats > 0 &&
      `${formatCount(fullSeats, "license")} ${will()}refuse new sessions. Active sessions go on.`,
      fullMeters > 0 && `${formatCount(fullMeters, "meter")} ${will()}count no more units in their period.`,
      refused.length === 0 && "No license or device that is allowed now will be refused.",
    ].filter((effect) => typeof effect === "string");
  };
  const terms = () =>
    Object.entries(props.report.terms) as [
      keyof typeof termLabels,
      { changed: number; overridden: number },
    ][];
  return (
    <div class="flex flex-col gap-4 text-sm">
      <ul class="flex list-disc flex-col gap-1 pl-5" aria-label="Summary of changes">
        <For each={effects()}>{(effect) => <li>{effect}</li>}</For>
      </ul>
      <Show when={terms().length > 0}>
        <table class="w-full border-collapse">
          <thead class="text-left text-xs text-muted">
            <tr class="border-y border-line">
              <th scope="col" class="h-8 px-3 font-medium">Term</th>
              <th scope="col" class="px-3 text-right font-medium">Licenses that change</th>
              <th scope="col" class="px-3 text-right font-medium">Licenses with a value of their own</th>
            </tr>
          </thead>
          <tbody>
            <For each={terms()}>
              {([name, { changed, overridden }]) => (
                <tr class="h-8 border-b border-line">
                  <th scope="row" class="px-3 text-left font-normal">{termLabels[name]}</th>
                  <td class="px-3 text-right">{formatNumber(changed)}</td>
                  <td class="px-3 text-right">{formatNumber(overridden)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
      <For each={props.report.refused}>
        {({ code, licenses, machines, samples }) => (
          <section
            class="flex flex-col gap-1 rounded-lg bg-bad-soft px-4 py-3"
            aria-label={describeCode(code)}
          >
            <p class="font-medium text-bad">
              {describeCode(code)}: {formatCount(licenses, "license")}, {formatCount(machines, "device")}{" "}
              {will()}be refused.
            </p>
            <p class="flex flex-wrap gap-x-3">
              <For each={[...new Set(samples.map(({ licenseId }) => licenseId))]}>
                {(id) => <a class="underline" href={addresses.license(id)}>License {id}</a>}
              </For>
            </p>
          </section>
        )}
      </For>
    </div>
  );
}
