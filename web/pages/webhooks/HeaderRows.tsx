// Names and values of headers, a row each.
import { Index, Show } from "solid-js";
import type { Form } from "../../lib/form.ts";
import { Button } from "../../ui/Button.tsx";
import { inputLook } from "../../ui/Field.tsx";
import { AddIcon, AlertIcon, CloseIcon } from "../../ui/icons.ts";
import type { Header, Terms } from "./terms.ts";

export function HeaderRows(props: { form: Form<Terms> }) {
  const rows = () => props.form.values.headers ?? [];
  const error = () => props.form.errors.headers;
  const keep = (next: Header[]) => props.form.set("headers", next);
  const write = (place: number, change: Partial<Header>) =>
    keep(rows().map((row, other) => other === place ? { ...row, ...change } : { ...row }));
  return (
    <div class="flex min-w-0 flex-col gap-2">
      {/* By place and not by row, so that typing does not draw the field anew. */}
      <Index each={rows()}>
        {(row, place) => (
          <div class="flex min-w-0 items-center gap-2">
            <input
              class={`${inputLook} font-mono`}
              aria-label={`Name of header ${place + 1}`}
              aria-invalid={error() ? "true" : undefined}
              placeholder="authorization"
              autocomplete="off"
              spellcheck={false}
              value={row().name}
              onInput={(event) => write(place, { name: event.currentTarget.value })}
            />
            <input
              class={`${inputLook} font-mono`}
              aria-label={`Value of header ${place + 1}`}
              placeholder="Bearer …"
              autocomplete="off"
              spellcheck={false}
              value={row().value}
              onInput={(event) => write(place, { value: event.currentTarget.value })}
            />
            <Button
              look="quiet"
              label={`Take away header ${place + 1}`}
              onClick={() => keep(rows().filter((_, other) => other !== place))}
            >
              <CloseIcon />
            </Button>
          </div>
        )}
      </Index>
      <Show when={error()}>
        <p class="flex items-start gap-1 text-xs text-bad">
          <AlertIcon class="mt-0.5 size-3 shrink-0" aria-hidden="true" />
          {error()}
        </p>
      </Show>
      <div>
        <Button onClick={() => keep([...rows().map((row) => ({ ...row })), { name: "", value: "" }])}>
          <AddIcon /> Add a header
        </Button>
      </div>
    </div>
  );
}
