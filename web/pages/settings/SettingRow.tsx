// One setting: its value, its default and a reset. It is saved separately.
import { createUniqueId, Match, Show, Switch } from "solid-js";
import { z } from "zod";
import { editInline } from "../../features/details/inline_edit.ts";
import { createEditForm } from "../../lib/edit_form.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { NumberField, TextField } from "../../ui/Field.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { type Setting, settingLabels, valueOf } from "./setting_labels.ts";

type Value = Setting["value"];
type Constraints = {
  type?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
};

/** Saves a value at once, with an undo. */
function change({ name, revision, value: seen }: Setting, value: Value, message: string): Promise<boolean> {
  const text = (value: unknown) => valueOf(value as Value, name);
  return editInline("settings", { id: name, revision, [name]: seen }, { [name]: value }, {
    message,
    fields: { [name]: { label: settingLabels[name].title, text } },
  });
}

export function SettingRow(props: { setting: Setting }) {
  const labels = () => settingLabels[props.setting.name];
  const isChanged = () => props.setting.value !== props.setting.default;
  const resetToDefault = () => {
    const { name, default: value } = props.setting;
    return change(props.setting, value, `${labels().title} reset to ${valueOf(value, name)}.`);
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
          <Button variant="quiet" about={labels().title} onClick={() => void resetToDefault()}>
            Reset to default
          </Button>
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
    const isOn = box.checked;
    const done = await change(props.setting, isOn, `${title}: turned ${isOn ? "on" : "off"}.`);
    if (!done) box.checked = props.setting.value === true;
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
  const form = createEditForm({
    kind: "settings",
    object: () => ({ id: setting.name, revision: props.setting.revision, value: props.setting.value }),
    // Keyed by its name, so that the API's errors find the field.
    valuesOf: ({ value }): Record<string, Value | null> => ({ [setting.name]: value }),
    schema: z.object({ [setting.name]: schemaOf(setting) }),
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
        <Button type="submit" variant="primary" about={title} isBusy={form.isSaving()}>Save</Button>
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
