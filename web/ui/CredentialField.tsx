// Fields for a name, an email address or a password outside of `createForm`, with the attributes that password managers need.
import type { JSX } from "solid-js";
import { Field, inputClass } from "./Field.tsx";

const attributes = {
  "name": { type: "text", name: "name", autocomplete: "name" },
  "email": { type: "email", name: "email", autocomplete: "username" },
  "password": { type: "password", name: "password", autocomplete: "current-password" },
  "new-password": { type: "password", name: "new-password", autocomplete: "new-password" },
} as const;

/**
 * @param props.kind which attributes the input has
 * @param props.set without it, the field is read-only
 * @param props.required whether the browser refuses to submit it empty
 */
export function CredentialField(
  props: {
    kind: keyof typeof attributes;
    label: string;
    hint?: JSX.Element;
    error?: string | null;
    value: string;
    set?(value: string): void;
    required?: boolean;
    autofocus?: boolean;
  },
) {
  return (
    <Field label={props.label} hint={props.hint} error={props.error}>
      {(parts) => (
        <input
          id={parts.id}
          {...attributes[props.kind]}
          class={inputClass}
          autofocus={props.autofocus}
          required={props.required}
          readonly={!props.set}
          value={props.value}
          aria-describedby={parts.describedBy}
          aria-invalid={parts.isInvalid}
          onInput={(event) => props.set?.(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
