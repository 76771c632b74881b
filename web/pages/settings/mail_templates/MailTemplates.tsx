// All emails with their templates; one is edited at a time, and the URL says which.
import { For, Show, untrack } from "solid-js";
import { useAddressState } from "../../../lib/address_state.ts";
import { useApiQuery } from "../../../lib/queries.ts";
import { Badge } from "../../../ui/Badge.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Card } from "../../../ui/Card.tsx";
import { QueryBoundary } from "../../../ui/QueryBoundary.tsx";
import type { MailTemplate } from "./mail_template.ts";
import { MailTemplateEditor } from "./MailTemplateEditor.tsx";

const audiences: [MailTemplate["audience"], title: string, hint: string][] = [
  ["customers", "Emails to customers", "About licenses. Turn each kind on or off on the Settings tab."],
  ["users", "Emails to users", "About accounts in your app."],
  ["administrators", "Emails to administrators", "About the panel."],
];

export function MailTemplates() {
  const templates = useApiQuery("mails", "templates", () => undefined);
  const [state, set] = useAddressState<{ template?: string }>({});
  /** The one that was edited last: the focus goes back to its button. */
  let last: string | null = null;
  return (
    <QueryBoundary query={templates} lines={12}>
      {(templates) => (
        <Show
          when={templates().find(({ kind }) => kind === state.template)?.kind}
          keyed
          fallback={
            <TemplateList
              templates={templates()}
              last={last}
              edit={(template) => set({ template })}
            />
          }
        >
          {(edited) => {
            last = edited;
            // What another owner saves meanwhile does not replace what is being edited.
            const template = untrack(() => templates().find(({ kind }) => kind === edited)!);
            return (
              <MailTemplateEditor
                template={template}
                saved={templates().find(({ kind }) => kind === edited)!}
                close={() => set({ template: undefined })}
              />
            );
          }}
        </Show>
      )}
    </QueryBoundary>
  );
}

function TemplateList(
  props: { templates: MailTemplate[]; last: string | null; edit(kind: string): void },
) {
  return (
    <div class="flex flex-col gap-4">
      <For each={audiences}>
        {([audience, title, hint]) => (
          <Card title={title} hint={hint} flush>
            <ul class="divide-y divide-line text-sm">
              <For each={props.templates.filter((template) => template.audience === audience)}>
                {(template) => (
                  <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                    <span class="min-w-0 flex-1 basis-56">
                      <span class="block font-medium">{template.title}</span>
                      <span class="block text-xs text-muted">{template.description}.</span>
                    </span>
                    <Show when={template.isOn !== null}>
                      <Badge tone={template.isOn ? "good" : "off"}>{template.isOn ? "On" : "Off"}</Badge>
                    </Show>
                    <Show when={template.isChanged}>
                      <Badge tone="info">Modified</Badge>
                    </Show>
                    <Button
                      ref={(button: HTMLButtonElement) => {
                        if (template.kind === props.last) queueMicrotask(() => button.focus());
                      }}
                      variant="quiet"
                      aria-label={`Edit ${template.title}`}
                      onClick={() => props.edit(template.kind)}
                    >
                      Edit
                    </Button>
                  </li>
                )}
              </For>
            </ul>
          </Card>
        )}
      </For>
    </div>
  );
}
