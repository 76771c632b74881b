// The fields of a webhook.
import { Show } from "solid-js";
import type { Form } from "../../lib/form.ts";
import { Button } from "../../ui/Button.tsx";
import { ChoiceField, TextField } from "../../ui/Field.tsx";
import { useApiQuery } from "../../lib/queries.ts";
import { EventTypes } from "./EventTypes.tsx";
import { HeaderRows } from "./HeaderRows.tsx";
import type { Header, WebhookValues } from "./webhook_form.ts";

/** "License api" of "license_api": the dialect as its API is called. */
function formatTitle(name: string): string {
  return name === "license_api" ? "License API" : name.replaceAll("_", " ");
}

export function WebhookFields(
  props: {
    form: Form<WebhookValues>;
    isNew?: boolean;
    /** The names of the headers that are set. */
    headerNames?: string[];
  },
) {
  props.form.describeField("headers", {
    label: "Custom headers",
    text: (headers) =>
      headers === null
        ? props.headerNames?.join(", ") || "None"
        : (headers as Header[]).map(({ name }) => name).join(", ") || "None",
  });
  const formats = useApiQuery("webhooks", "formats", () => undefined);
  return (
    <>
      <TextField
        form={props.form}
        name="url"
        label="Endpoint URL"
        type="url"
        placeholder="https://example.com/webhooks"
        hint="Must return 2xx within 10 seconds."
        autofocus={props.isNew}
      />
      <TextField
        form={props.form}
        name="description"
        label="Description"
        hint="Display name (optional)."
      />
      <ChoiceField
        form={props.form}
        name="format"
        label="Format"
        hint="The API whose payloads are sent."
        options={(formats.data ?? [props.form.values.format]).map((name) =>
          [name, formatTitle(name)] as const
        )}
      />
      <EventTypes form={props.form} />
      <fieldset class="flex min-w-0 flex-col gap-2">
        <legend class="text-sm font-medium">Custom headers</legend>
        <p class="text-xs text-muted">
          Sent with every request, such as a credential. Values are encrypted and can't be viewed again.
        </p>
        <Show
          when={props.form.values.headers !== null}
          fallback={
            <div class="flex flex-wrap items-center gap-2 text-sm">
              <span class="min-w-0 font-mono break-all">{props.headerNames?.join(", ") || "None"}</span>
              <Button variant="quiet" onClick={() => props.form.set("headers", [{ name: "", value: "" }])}>
                Replace all
              </Button>
            </div>
          }
        >
          <HeaderRows form={props.form} />
          <Show when={!props.isNew}>
            <p class="text-xs text-muted">
              These replace all current headers.{" "}
              <button
                type="button"
                class="text-accent underline"
                onClick={() => props.form.set("headers", null)}
              >
                Keep current headers
              </button>
            </p>
          </Show>
        </Show>
      </fieldset>
    </>
  );
}
