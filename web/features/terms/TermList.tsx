// The terms of a license that are not the defaults, as facts.
import { For, Show } from "solid-js";
import { defaultTerms, type Terms } from "../../../server/domain/policy/inputs.ts";
import { isSame } from "../../lib/changes.ts";
import { describeTerm, termFields } from "./term_labels.ts";

/** Terms that the pages show in other places. */
const shownElsewhere: ReadonlySet<string> = new Set([
  "maxActivations",
  "maxUsers",
  "duration",
  "entitlements",
  "meters",
]);

export function TermList(props: { terms: Terms }) {
  const own = () =>
    (Object.keys(termFields) as (keyof Terms)[]).filter((name) =>
      !shownElsewhere.has(name) && !isSame(props.terms[name], defaultTerms[name])
    );
  return (
    <Show when={own().length > 0} fallback={<span class="text-muted">Default</span>}>
      <ul class="space-y-0.5">
        <For each={own()}>
          {(name) => (
            <li>
              <span class="text-muted">{termFields[name].label}:</span>{" "}
              {describeTerm(name, props.terms[name])}
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
