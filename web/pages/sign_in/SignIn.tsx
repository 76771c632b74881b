// Signing in: address and password, and a code where a second factor is switched on.
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, onMount, Show } from "solid-js";
import { addresses } from "../../addresses.ts";
import { refusalOf } from "../../lib/refusal.ts";
import { loadMe } from "../../lib/session.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Failure } from "../../ui/Empty.tsx";
import { Field, inputLook } from "../../ui/Field.tsx";

export function SignIn() {
  const navigate = useNavigate();
  const [params] = useSearchParams<{ next?: string }>();
  const [needsCode, setNeedsCode] = createSignal(false);
  const [message, setMessage] = createSignal<string | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);
  let email = "";
  let password = "";
  let code = "";
  onMount(() => {
    document.title = "Sign in · Latchkey";
  });

  /** Addresses of ours only; a link must not send who signs in somewhere else. */
  const next = () => /^\/(?![/\\])/.test(params.next ?? "") ? params.next! : addresses.dashboard();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setIsBusy(true);
    setMessage(null);
    try {
      await trpc.account.signIn.mutate({ email, password, code: code || null });
      await loadMe();
      navigate(next(), { replace: true });
    } catch (error) {
      const refused = refusalOf(error);
      if (refused.code === "SECOND_FACTOR_REQUIRED") setNeedsCode(true);
      else setMessage(refused.message);
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <main class="flex min-h-dvh items-center justify-center p-4">
      <form
        class="flex w-full max-w-sm flex-col gap-4 rounded-lg border border-line bg-surface p-6"
        onSubmit={submit}
      >
        <div class="flex items-center gap-2">
          <img src="/latchkey.svg" alt="" class="size-8" />
          <h1 class="text-lg font-semibold tracking-tight">Sign in to Latchkey</h1>
        </div>
        <Field label="Email address">
          {(parts) => (
            <input
              id={parts.id}
              type="email"
              name="email"
              class={inputLook}
              autocomplete="username"
              autofocus
              required
              onInput={(event) => (email = event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Password">
          {(parts) => (
            <input
              id={parts.id}
              type="password"
              name="password"
              class={inputLook}
              autocomplete="current-password"
              required
              onInput={(event) => (password = event.currentTarget.value)}
            />
          )}
        </Field>
        <Show when={needsCode()}>
          <Field label="Code" hint="Of your authenticator app, or one of your recovery codes.">
            {(parts) => (
              <input
                id={parts.id}
                name="code"
                ref={(input) => queueMicrotask(() => input.focus())}
                class={inputLook}
                inputmode="numeric"
                autocomplete="one-time-code"
                onInput={(event) => (code = event.currentTarget.value.trim())}
              />
            )}
          </Field>
        </Show>
        <Show when={message()}>
          {(message) => <Failure refused={{ code: "", message: message(), details: {} }} />}
        </Show>
        <Button type="submit" look="primary" isBusy={isBusy()}>Sign in</Button>
      </form>
    </main>
  );
}
