// The field for the code of an authenticator app, or for a recovery code. Accounts with a passkey and no app have recovery
// codes alone.
import { createSignal, Show } from "solid-js";
import { Field, inputClass } from "../../ui/Field.tsx";
import { me } from "./session.ts";

/** @param props.noFocus where another field comes first */
export function AuthenticatorCodeField(
  props: { code: string; set(code: string): void; error?: string | null; noFocus?: boolean },
) {
  /** Before the sign-in it is not known which factors the account has. */
  const hasApp = () => me()?.hasTotp ?? true;
  const [isRecovery, setIsRecovery] = createSignal(!hasApp());
  return (
    <div class="flex flex-col items-start gap-1">
      <Field
        class="w-full"
        label={isRecovery() ? "Recovery code" : "Authentication code"}
        hint={isRecovery()
          ? "One of your saved recovery codes. Each works once."
          : "The 6-digit code from your authenticator app."}
        error={props.error}
      >
        {(parts) => (
          <input
            id={parts.id}
            name="code"
            ref={(input) => {
              if (!props.noFocus) queueMicrotask(() => input.focus());
            }}
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
      <Show when={hasApp()}>
        <button
          type="button"
          class="touch:h-11 text-sm text-accent hover:underline"
          onClick={() => {
            props.set("");
            setIsRecovery(!isRecovery());
          }}
        >
          <Show when={isRecovery()} fallback="Use a recovery code">Use your authenticator app</Show>
        </button>
      </Show>
    </div>
  );
}
