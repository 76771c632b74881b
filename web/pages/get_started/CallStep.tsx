// A step that an app takes, as a command to paste or as lines of a client library. The step is done when the call arrives, whoever made it.
import { type JSX, Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { seesKeys } from "../../features/licenses/CopyKey.tsx";
import { WaitingIcon } from "../../ui/icons.ts";
import { CreatedKey, createdKey } from "./ApiKeyStep.tsx";
import { LibrarySnippet } from "./LibrarySnippet.tsx";
import { Snippet } from "./Snippet.tsx";

export type Steps = Outputs["monitoring"]["firstSteps"];

/** Viewers see the key masked, which no call accepts. */
const licenseKey = (key: string) => seesKeys() ? key : "YOUR_LICENSE_KEY";

export function CallStep(
  props: {
    steps: Steps;
    isDone: boolean;
    path: string;
    label: string;
    more: Record<string, string>;
    waitingFor: string;
    /** What is shown in place of a library's lines, when those of another step do this too. */
    byLibrary?: string;
    children: JSX.Element;
  },
) {
  return (
    <Show when={props.steps.firstLicense} fallback={<p class="text-sm">Create the license first.</p>}>
      {(license) => (
        <div class="flex min-w-0 flex-col gap-4">
          <p class="text-sm text-muted">{props.children}</p>
          <Show
            when={createdKey()}
            fallback={
              <p class="text-sm">
                Replace YOUR_API_KEY with your API key. Keys are shown only once; a key that you create in the
                step above is filled in.
                <Show when={!seesKeys()}>
                  {" "}Replace YOUR_LICENSE_KEY with a license key; keys are masked for viewers.
                </Show>
              </p>
            }
          >
            {(key) => <CreatedKey apiKey={key()} />}
          </Show>
          <Snippet
            label={props.label}
            call={{
              url: location.origin + props.path,
              apiKey: createdKey() ?? "YOUR_API_KEY",
              body: { license_key: licenseKey(license().key), hardware_hash: "my-machine", ...props.more },
            }}
          >
            {(library) => (
              <Show
                when={props.byLibrary === undefined}
                fallback={<p class="text-sm">{props.byLibrary}</p>}
              >
                <LibrarySnippet
                  library={library()}
                  label={props.label}
                  product={license().productCode}
                  apiKey={createdKey() ?? "YOUR_API_KEY"}
                  licenseKey={licenseKey(license().key)}
                />
              </Show>
            )}
          </Snippet>
          <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Show when={!props.isDone}>
              <p class="inline-flex items-center gap-2 text-sm text-muted">
                <WaitingIcon class="size-4 animate-wait" aria-hidden="true" />
                Waiting for {props.waitingFor}.
              </p>
            </Show>
            <ButtonLink variant="quiet" href={addresses.license(license().id)}>
              View license
            </ButtonLink>
          </div>
        </div>
      )}
    </Show>
  );
}
