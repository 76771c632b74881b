// All emails with their templates; one is edited at a time.
import { createSignal, For, Show, untrack } from "solid-js";
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
  const [kind, setKind] = createSignal<string | null>(null);
  return (
    <QueryBoundary query={templates} lines={12}>
      {(templates) => (
        <Show when={kind()} keyed fallback={<TemplateList templates={templates()} edit={setKind} />}>
          {(kind) => (
            // What another owner saves meanwhile does not replace what is being edited.
            <MailTemplateEditor
              template={untrack(() =>
                templates().find((template) =>
                  template.kind === kind
                )!
              )}
              close={() => setKind(null)}
            />
          )}
        </Show>
      )}
    </QueryBoundary>
  );
}

function TemplateList(props: { templates: MailTemplate[]; edit(kind: string): void }) {
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
