// The field of an object's code, by which apps refer to it. For a new object it follows the name until it is edited.
import { createEffect, on } from "solid-js";
import { codeOf } from "../lib/codes.ts";
import type { Form } from "../lib/form.ts";
import { TextField } from "./Field.tsx";

const LABEL = "Code";

/** @param props.isNew whether the object is being created */
export function CodeField(
  props: { form: Form<{ name: string; code: string }>; isNew?: boolean; hint: string },
) {
  props.form.describeField("code", { label: LABEL });
  createEffect(on(() => props.form.values.name, (name, before) => {
    if (!props.isNew || props.form.values.code !== codeOf(before ?? "", "")) return;
    props.form.set("code", codeOf(name, ""));
  }, { defer: true }));
  return <TextField form={props.form} name="code" label={LABEL} mono hint={props.hint} />;
}
