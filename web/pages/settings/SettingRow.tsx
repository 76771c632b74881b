// One setting: its value, its default and a reset. It is saved separately.
import { createUniqueId, Match, Show, Switch } from "solid-js";
import { z } from "zod";
import { refresh } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { trpc } from "../../lib/trpc.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { NumberField, TextField } from "../../ui/Field.tsx";
import { runWithToast, toast } from "../../ui/Toasts.tsx";
import { type Setting, settingLabels, valueOf } from "./setting_labels.ts";

type Value = Setting["value"];
type Constraints = {
  type?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
};

async function change({ name }: Setting, value: Value): Promise<void> {
  await trpc.settings.change.mutate({ name, value });
  refresh();
}

export function SettingRow(props: { setting: Setting }) {
  const labels = () => settingLabels[props.setting.name];
  const isChanged = () => props.setting.value !== props.setting.default;
  const resetToDefault = () => {
    const { setting } = props;
    const before = setting.value;
    return runWithToast(
      () => change(setting, setting.default),
      `${labels().title} reset to ${valueOf(setting.default, setting.name)}.`,
      () => change(setting, before),
    );
  };
  return (
    <div class="flex min-w-0 flex-col gap-2 p-4" data-setting={props.setting.name}>
      <Switch fallback={<ValueForm setting={props.setting} />}>
        <Match when={typeof props.setting.value === "boolean"}>
          <Toggle setting={props.setting} />
        </Match>
      </Switch>
      <div class="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
        <span class="min-w-0 break-all">
          Default: {valueOf(props.setting.default, props.setting.name)}
        </span>
        <Show when={isChanged()}>
          <Badge tone="info">Modified</Badge>
          <Button variant="quiet" onClick={() => void resetToDefault()}>Reset to default</Button>
        </Show>
      </div>
    </div>
  );
}

function hintOf(setting: Setting): string {
  const { hint } = settingLabels[setting.name];
  return `${setting.description}.${hint ? ` ${hint}` : ""}`;
}

/** A boolean: saved at once, with an undo. */
function Toggle(props: { setting: Setting }) {
  const id = createUniqueId();
  const { title } = settingLabels[props.setting.name];
  const save = async (box: HTMLInputElement) => {
    const { setting } = props;
    const isOn = box.checked;
    const done = await runWithToast(
      () => change(setting, isOn),
      `${title}: turned ${isOn ? "on" : "off"}.`,
      () => change(setting, !isOn),
    );
    if (!done) box.checked = !isOn;
  };
  return (
    <div class="flex items-start gap-2">
      <input
        id={id}
        type="checkbox"
        class="mt-0.5 size-4 touch:size-6 shrink-0 accent-accent"
        checked={props.setting.value === true}
        aria-describedby={`${id}-hint`}
        onChange={(event) => void save(event.currentTarget)}
      />
      <div class="min-w-0">
        <label for={id} class="text-sm font-medium">{title}</label>
        <p id={`${id}-hint`} class="text-xs text-muted">{hintOf(props.setting)}</p>
      </div>
    </div>
  );
}

/** A number or a text, with a save button. */
function ValueForm(props: { setting: Setting }) {
  const { setting } = props;
  const { title, unit } = settingLabels[setting.name];
  const allowed = setting.allowed as Constraints;
  const form = createForm({
    // Keyed by its name, so that the API's errors find the field.
    schema: z.object({ [setting.name]: schemaOf(setting) }),
    start: { [setting.name]: setting.value } as Record<string, Value | null>,
    save: (checked: Record<string, Value>) => change(setting, checked[setting.name]),
    saved: () => toast(`${title} saved.`),
  });
  const label = unit && !title.toLowerCase().includes(unit) ? `${title} (${unit})` : title;
  return (
    <form class="flex min-w-0 items-end gap-2" novalidate onSubmit={form.submit}>
      <Show
        when={allowed.type === "string"}
        fallback={
          <NumberField
            form={form}
            name={setting.name}
            label={label}
            hint={hintOf(setting)}
            min={allowed.minimum}
            max={allowed.maximum}
            step={allowed.type === "integer" ? 1 : 0.1}
            class="flex-1"
          />
        }
      >
        <TextField form={form} name={setting.name} label={label} hint={hintOf(setting)} class="flex-1" mono />
      </Show>
      <Show when={form.isDirty()}>
        <Button type="submit" variant="primary" isBusy={form.isSaving()}>Save</Button>
      </Show>
    </form>
  );
}

/** A schema from the constraints that the API describes. A pattern gets a readable message. */
function schemaOf(setting: Setting): z.ZodType {
  const { type, minimum = -Infinity, maximum = Infinity, maxLength = Infinity, pattern } = setting
    .allowed as Constraints;
  if (type === "string") {
    const text = z.string().trim().max(maxLength);
    const labels = settingLabels[setting.name].form ?? "Invalid format.";
    return pattern ? text.regex(new RegExp(pattern, "i"), labels) : text;
  }
  const number = z.number("Required").min(minimum).max(maximum);
  return type === "integer" ? number.refine(Number.isInteger, "Enter a whole number.") : number;
}
