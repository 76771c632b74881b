// What an update check answers, as a sentence.
import { A } from "@solidjs/router";
import { Match, Show, Switch } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import type { Outputs } from "../../lib/trpc.ts";

/** A variable, because JSX would drop the spaces at the line breaks. */
const by = " because of ";

type Offer = Outputs["releases"]["explain"][number];

export function UpdateOffer(props: { offer: Offer }) {
  return (
    <Switch>
      <Match when={!props.offer.isVersion}>Not a valid version. No update is offered.</Match>
      <Match when={!props.offer.latest}>No release published.</Match>
      <Match when={!props.offer.updateAvailable}>Up to date.</Match>
      <Match when={props.offer.latest}>
        {(latest) => (
          <>
            Update to{" "}
            <A href={addresses.release(latest().id)} class="text-accent underline">
              {latest().version}
            </A>
            <Show when={props.offer.because} fallback=".">
              {(because) => (
                <>
                  , <strong class="font-medium text-warn">mandatory</strong>
                  <Show when={because().id !== latest().id} fallback=".">
                    {by}
                    <A href={addresses.release(because().id)} class="text-accent underline">
                      {because().version}
                    </A>.
                  </Show>
                </>
              )}
            </Show>
          </>
        )}
      </Match>
    </Switch>
  );
}
