// An API call as code in several languages. The chosen language is stored.
import { For } from "solid-js";
import { createStoredSignal } from "../../lib/stored_signal.ts";
import { CodeBlock } from "../../ui/Code.tsx";
import { type Call, languages } from "./languages.ts";

const [language, chooseLanguage] = createStoredSignal("start.language", "curl");

export function Snippet(props: { call: Call; label: string }) {
  const chosen = () => languages.find(({ id }) => id === language()) ?? languages[0];
  return (
    <div class="flex min-w-0 flex-col gap-2">
      <div class="flex flex-wrap gap-1" role="group" aria-label={`Language of the code ${props.label}`}>
        <For each={languages}>
          {({ id, title }) => (
            <button
              type="button"
              class="h-7 touch:h-11 rounded-md px-2.5 text-sm text-muted hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
              aria-pressed={id === chosen().id}
              onClick={() => chooseLanguage(id)}
            >
              {title}
            </button>
          )}
        </For>
      </div>
      <CodeBlock text={chosen().write(props.call)} label={`the code ${props.label}`} />
    </div>
  );
}
