// The notice that every machine, or every new machine, is refused, with the failed checks and suggested actions.
import { For, Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import { AlertIcon } from "../../ui/icons.ts";
import type { License } from "./license_actions.ts";
import { SuggestedAction } from "./SuggestedAction.tsx";
import { type Check, describeCheck, licenseChecks } from "./check_labels.ts";

/** Checks that depend on the device, and those of sessions and meters: new devices are activated all the same. */
const isOfDevice = new Set<Check["name"]>(["activated", "seat_limit", "meter_limit"]);

export function DenialNotice(props: { license: License }) {
  const explained = useApiQuery("licenses", "explain", () => ({ id: props.license.id, hardwareId: null }), {
    keepPrevious: true,
  });
  const failing = () =>
    explained.data?.checks.filter(({ name, passed }) => !passed && !isOfDevice.has(name)) ?? [];
  const first = () => failing().find(({ name }) => licenseChecks.has(name));
  const shown = () => failing().filter(({ name }) => first() === undefined || licenseChecks.has(name));
  return (
    <Show when={shown().length > 0}>
      <section
        class={`flex flex-col gap-2 rounded-lg px-4 py-3 text-sm ${first() ? "bg-bad-soft" : "bg-warn-soft"}`}
        aria-label={first() ? "All devices are rejected" : "New devices are rejected"}
      >
        <For each={shown()}>
          {(check) => (
            <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
              <p class={`flex min-w-0 flex-1 items-center gap-2 ${first() ? "text-bad" : "text-warn"}`}>
                <AlertIcon class="size-4 shrink-0" aria-hidden="true" />
                <span>
                  <strong class="font-semibold">{describeCheck(check)}</strong>
                  {" – "}
                  {first() ? "all activations and checks are rejected." : "new activations are rejected."}
                </span>
              </p>
              <div class="flex min-w-0 flex-wrap gap-2">
                <SuggestedAction
                  check={check}
                  license={props.license}
                  hardwareId={null}
                  mayActivate={false}
                />
              </div>
            </div>
          )}
        </For>
      </section>
    </Show>
  );
}
