// What an app does in a step, by a client library or by a call. The chosen language is stored.
import { For, type JSX, Show } from "solid-js";
import { createStoredSignal } from "../../lib/stored_signal.ts";
import { CodeBlock } from "../../ui/Code.tsx";
import { type Call, curlOf, libraries, type Library } from "./languages.ts";

const [language, chooseLanguage] = createStoredSignal("start.language", "curl");
const choices = [{ id: "curl", title: "curl" }, ...libraries];

export function Snippet(
  props: { call: Call; label: string; children: (library: () => Library) => JSX.Element },
) {
  const library = () => libraries.find(({ id }) => id === language());
  return (
    <div class="flex min-w-0 flex-col gap-2">
      <div class="flex flex-wrap gap-1" role="group" aria-label={`Language of the code ${props.label}`}>
        <For each={choices}>
          {({ id, title }) => (
            <button
              type="button"
              class="h-7 touch:h-11 rounded-md px-2.5 text-sm text-muted hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
              aria-pressed={id === (library()?.id ?? "curl")}
              onClick={() => chooseLanguage(id)}
            >
              {title}
            </button>
          )}
        </For>
      </div>
      <Show
        when={library()}
        fallback={<CodeBlock text={curlOf(props.call)} label={`the code ${props.label}`} />}
      >
        {(library) => props.children(library)}
      </Show>
    </div>
  );
}
