// The field for the code of an authenticator app, or for a recovery code.
import { createSignal, Show } from "solid-js";
import { Field, inputClass } from "../../ui/Field.tsx";

export function AuthenticatorCodeField(
  props: { code: string; set(code: string): void; error?: string | null },
) {
  const [isRecovery, setIsRecovery] = createSignal(false);
  return (
    <div class="flex flex-col items-start gap-1">
      <Field
        class="w-full"
        label={isRecovery() ? "Recovery code" : "Code of your authenticator app"}
        hint={isRecovery()
          ? "One of the ten you kept. Each is good once."
          : "Six digits, new every 30 seconds."}
        error={props.error}
      >
        {(parts) => (
          <input
            id={parts.id}
            name="code"
            ref={(input) => queueMicrotask(() => input.focus())}
            class={`${inputClass} font-mono`}
            inputmode={isRecovery() ? "text" : "numeric"}
            autocomplete="one-time-code"
            autocapitalize="none"
            spellcheck={false}
            required
            value={props.code}
            aria-describedby={parts.describedBy}
            aria-invalid={parts.isInvalid}
            onInput={(event) => props.set(event.currentTarget.value)}
          />
        )}
      </Field>
      <button
        type="button"
        class="touch:h-11 text-sm text-accent hover:underline"
        onClick={() => {
          props.set("");
          setIsRecovery(!isRecovery());
        }}
      >
        <Show when={isRecovery()} fallback="Use a recovery code">Use the authenticator app</Show>
      </button>
    </div>
  );
}
