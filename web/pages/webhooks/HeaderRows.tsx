// The fields for a webhook's additional headers.
import { Index, Show } from "solid-js";
import type { Form } from "../../lib/form.ts";
import { Button } from "../../ui/Button.tsx";
import { inputClass } from "../../ui/Field.tsx";
import { AddIcon, AlertIcon, CloseIcon } from "../../ui/icons.ts";
import type { Header, WebhookValues } from "./webhook_form.ts";

export function HeaderRows(props: { form: Form<WebhookValues> }) {
  const rows = () => props.form.values.headers ?? [];
  const error = () => props.form.errors.headers;
  const keep = (next: Header[]) => props.form.set("headers", next);
  const write = (index: number, change: Partial<Header>) =>
    keep(rows().map((row, other) => other === index ? { ...row, ...change } : { ...row }));
  return (
    <div class="flex min-w-0 flex-col gap-2">
      {/* By index, not by row, so that typing keeps the focus. */}
      <Index each={rows()}>
        {(row, index) => (
          <div class="flex min-w-0 items-center gap-2">
            <input
              class={`${inputClass} font-mono`}
              aria-label={`Name of header ${index + 1}`}
              aria-invalid={error() ? "true" : undefined}
              placeholder="authorization"
              autocomplete="off"
              spellcheck={false}
              value={row().name}
              onInput={(event) => write(index, { name: event.currentTarget.value })}
            />
            <input
              class={`${inputClass} font-mono`}
              aria-label={`Value of header ${index + 1}`}
              placeholder="Bearer …"
              autocomplete="off"
              spellcheck={false}
              value={row().value}
              onInput={(event) => write(index, { value: event.currentTarget.value })}
            />
            <Button
              variant="quiet"
              label={`Remove header ${index + 1}`}
              onClick={() => keep(rows().filter((_, other) => other !== index))}
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
          <AddIcon /> Add header
        </Button>
      </div>
    </div>
  );
}
