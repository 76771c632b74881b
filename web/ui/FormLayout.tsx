// The layout of a form: draft notice, fields, error, submit and cancel.
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import type { Form } from "../lib/form.ts";
import { Button } from "./Button.tsx";
import { Failure } from "./Failure.tsx";

export function FormLayout<Values extends object>(
  props: {
    form: Form<Values>;
    /** The label of the submit button: "Create customer". */
    verb: string;
    /** Why it cannot be submitted. */
    disabledReason?: string | null;
    /** Where "Cancel" leads. Without it, a button resets the fields. */
    cancel?: string;
    children: JSX.Element;
  },
) {
  return (
    <form class="flex flex-col gap-4" novalidate onSubmit={props.form.submit}>
      <Show when={props.form.isFromDraft}>
        <p class="flex items-center justify-between gap-2 rounded-md bg-accent-soft px-3 py-1.5 text-sm text-accent">
          Restored unsaved draft
          <Button variant="quiet" onClick={() => props.form.reset()}>Discard draft</Button>
        </p>
      </Show>
      {props.children}
      <Show when={props.form.message()}>
        {(message) => <Failure error={{ message: message() }} />}
      </Show>
      <div class="flex flex-wrap items-center gap-2">
        <Button
          type="submit"
          variant="primary"
          isBusy={props.form.isSaving()}
          disabledReason={props.disabledReason}
        >
          {props.verb}
        </Button>
        <Show
          when={props.cancel}
          fallback={
            <Show when={props.form.isDirty()}>
              <Button variant="quiet" onClick={() => props.form.reset()}>Discard changes</Button>
            </Show>
          }
        >
          {(href) => <A href={href()} class="px-3 text-sm text-muted hover:text-ink">Cancel</A>}
        </Show>
      </div>
    </form>
  );
}
