// One email template: subject and text with variables, and a preview of what is typed.
import { createEffect, createSignal, For, onCleanup, Show } from "solid-js";
import { templateText } from "../../../../server/domain/mail/inputs.ts";
import { toApiError } from "../../../lib/api_error.ts";
import { createForm } from "../../../lib/form.ts";
import { refresh } from "../../../lib/queries.ts";
import { type Outputs, trpc } from "../../../lib/trpc.ts";
import { Button } from "../../../ui/Button.tsx";
import { Card } from "../../../ui/Card.tsx";
import { ProseField, TextField } from "../../../ui/Field.tsx";
import { FormLayout } from "../../../ui/FormLayout.tsx";
import { runWithToast, toast } from "../../../ui/Toasts.tsx";
import { MailPreview } from "./MailPreview.tsx";
import type { MailTemplate } from "./mail_template.ts";

/** How long typing pauses before the preview is loaded; milliseconds. */
const PAUSE = 300;

/**
 * @param props.template the template when it was opened
 * @param props.saved the same as it is now: another owner may have saved one
 */
export function MailTemplateEditor(
  props: { template: MailTemplate; saved: MailTemplate; close(): void },
) {
  const { kind, title, standard } = props.template;
  const textOf = ({ subject, body }: TemplateText): TemplateText => ({ subject, body });
  /** What this person has seen: nothing else is overwritten. */
  const [seen, setSeen] = createSignal(textOf(props.template));
  const other = () => {
    const saved = textOf(props.saved);
    return saved.subject === seen().subject && saved.body === seen().body ? null : saved;
  };
  /** A refusal because of another owner's text shows it. */
  async function orShowOther(change: () => Promise<unknown>): Promise<true> {
    try {
      await change();
    } catch (error) {
      refresh("mails");
      throw error;
    }
    return true;
  }
  const form = createForm({
    schema: templateText,
    start: textOf(props.template),
    draft: `mail_template/${kind}`,
    save: (text) => orShowOther(() => trpc.mails.saveTemplate.mutate({ kind, ...text, was: seen() })),
    saved() {
      toast(`Template “${title}” saved.`);
      refresh("mails");
      props.close();
    },
  });
  async function reset(): Promise<void> {
    const was = seen();
    const isDone = await runWithToast(
      () => orShowOther(() => trpc.mails.resetTemplate.mutate({ kind, was })),
      `Template “${title}” reset to default.`,
      async () => {
        await trpc.mails.saveTemplate.mutate({ kind, ...was, was: standard });
        refresh("mails");
      },
    );
    if (!isDone) return;
    form.reset();
    refresh("mails");
    props.close();
  }
  return (
    <div
      class="grid items-start gap-4 xl:grid-cols-2"
      ref={(editor) => queueMicrotask(() => editor.querySelector("input")?.focus())}
    >
      <Card
        title={title}
        hint={`${props.template.description}.`}
        actions={
          <>
            <Show when={props.template.isChanged}>
              <Button variant="quiet" onClick={() => void reset()}>Reset to default</Button>
            </Show>
            <Button onClick={() => props.close()}>All templates</Button>
          </>
        }
      >
        <Show when={other()}>
          {(other) => (
            <OtherText
              text={other()}
              keep={() => setSeen(other())}
              take={() => {
                const text = other();
                form.reset(text);
                setSeen(text);
              }}
            />
          )}
        </Show>
        <FormLayout form={form} verb="Save" disabledReason={form.isDirty() ? null : "No changes to save."}>
          <TextField form={form} name="subject" label="Subject" />
          <ProseField
            form={form}
            name="body"
            label="Text"
            rows={18}
            hint="Blank lines separate paragraphs. [Label]({{link}}) alone in a paragraph is a button. A paragraph with a variable that has no value is left out."
          />
          <Variables template={props.template} />
        </FormLayout>
      </Card>
      <Preview kind={kind} subject={form.values.subject} body={form.values.body} />
    </div>
  );
}

type TemplateText = { subject: string; body: string };

/** What another owner has saved meanwhile, and the choice between the two. */
function OtherText(props: { text: TemplateText; keep(): void; take(): void }) {
  return (
    <section
      role="status"
      aria-label="Saved by someone else"
      class="mb-4 flex flex-col gap-2 rounded-md bg-warn-soft px-3 py-2 text-sm"
    >
      <p class="font-medium text-warn">Someone else has changed this template since you opened it.</p>
      <p class="break-words">{props.text.subject}</p>
      <pre class="max-h-48 overflow-auto text-xs whitespace-pre-wrap" tabindex="0">{props.text.body}</pre>
      <div class="flex flex-wrap gap-2">
        <Button onClick={() => props.keep()}>Keep mine</Button>
        <Button onClick={() => props.take()}>Use theirs</Button>
      </div>
    </section>
  );
}

function Variables(props: { template: MailTemplate }) {
  return (
    <section aria-label="Variables">
      <h3 class="text-sm font-medium">Variables</h3>
      <dl class="mt-1 grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-1 text-xs">
        <For each={props.template.variables}>
          {(variable) => (
            <>
              <dt class="font-mono">{`{{${variable.name}}}`}</dt>
              <dd class="min-w-0 text-muted">
                {variable.description}
                {variable.isRequired ? " (required)" : ""}
              </dd>
            </>
          )}
        </For>
      </dl>
    </section>
  );
}

type Content = NonNullable<Outputs["mails"]["preview"]["content"]>;

/** What the mail looks like with the samples of the variables, or what is wrong with the template, and where. */
function Preview(props: { kind: string; subject: string; body: string }) {
  const [content, setContent] = createSignal<Content | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [isDark, setIsDark] = createSignal(false);
  let latest = 0;
  async function load(text: { subject: string; body: string }): Promise<void> {
    const number = ++latest;
    try {
      const loaded = await trpc.mails.preview.mutate({ kind: props.kind, ...text });
      if (number !== latest) return;
      if (loaded.content) setContent(loaded.content);
      setProblem(loaded.problem);
    } catch (error) {
      if (number === latest) setProblem(toApiError(error).message);
    }
  }
  createEffect(() => {
    const text = { subject: props.subject, body: props.body };
    const timer = setTimeout(() => void load(text), content() === null ? 0 : PAUSE);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <Card
      title="Preview"
      hint="With sample values. Mail programs load the logo; here its name stands in for it."
      actions={
        <label class="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            class="size-4 touch:size-6 accent-accent"
            checked={isDark()}
            onChange={(event) => setIsDark(event.currentTarget.checked)}
          />
          Dark
        </label>
      }
    >
      <p role="status" class="text-sm text-bad empty:hidden">{problem()}</p>
      <Show when={content()}>
        {(content) => (
          <div class="flex min-w-0 flex-col gap-4" classList={{ "opacity-55": problem() !== null }}>
            <p class="text-sm">
              <span class="text-muted">Subject:</span>{" "}
              <span class="font-medium break-words" data-preview="subject">{content().subject}</span>
            </p>
            <MailPreview html={content().html} isDark={isDark()} />
            <details class="text-sm">
              <summary class="cursor-pointer font-medium">Text version</summary>
              <pre class="mt-2 overflow-x-auto rounded-md bg-sunken p-3 text-xs whitespace-pre-wrap">{content().text}</pre>
            </details>
          </div>
        )}
      </Show>
    </Card>
  );
}
