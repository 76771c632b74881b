// Signing in: address and password, then a code where a second factor is switched on; or a passkey for all of it.
// Afterwards it leads where one wanted to go.
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, onCleanup, onMount, Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { formatCount } from "../../lib/format.ts";
import { canUsePasskeys, signInWithPasskey } from "../../features/account/passkeys.ts";
import { toApiError } from "../../lib/api_error.ts";
import { loadMe, reloadSession } from "../../features/account/session.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { AuthenticatorCodeField } from "../../features/account/AuthenticatorCodeField.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";
import { KeyIcon } from "../../ui/icons.ts";
import { SignInLayout } from "./SignInLayout.tsx";

export function SignIn() {
  const navigate = useNavigate();
  const [params] = useSearchParams<{ next?: string }>();
  const [step, setStep] = createSignal<"password" | "code">("password");
  const [email, setEmail] = createSignal("");
  const [password, setPassword] = createSignal("");
  const [code, setCode] = createSignal("");
  const [message, setMessage] = createSignal<string | null>(null);
  const [wrongCode, setWrongCode] = createSignal<string | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);
  const [wait, setWait] = createSignal(0);

  /** Addresses of ours only; a link must not send who signs in somewhere else. */
  const next = () => /^\/(?![/\\])/.test(params.next ?? "") ? params.next! : addresses.dashboard();
  const loadMore = () => navigate(next(), { replace: true });

  onMount(async () => {
    // Who is signed in already has nothing to do here. Whatever keeps us from knowing is said on trying.
    if (await loadMe().catch(() => null)) loadMore();
  });
  const clock = setInterval(() => setWait((seconds) => Math.max(0, seconds - 1)), 1000);
  onCleanup(() => clearInterval(clock));

  async function enter(work: () => Promise<unknown>): Promise<void> {
    if (isBusy()) return;
    setIsBusy(true);
    setMessage(null);
    setWrongCode(null);
    try {
      await work();
      await reloadSession();
      loadMore();
    } catch (error) {
      toast(toApiError(error));
    } finally {
      setIsBusy(false);
    }
  }

  function toast({ code, message, details }: ReturnType<typeof toApiError>): void {
    if (code === "SECOND_FACTOR_REQUIRED") {
      if (details.reason === "wrong") {
        setWrongCode("This code is not right, or was used before. Wait for the next one.");
      }
      setStep("code");
    } else if (code === "RATE_LIMITED" && typeof details.retryAfter === "number") {
      setWait(details.retryAfter);
    } else {
      setMessage(message);
    }
  }

  const submit = (event: Event) => {
    event.preventDefault();
    void enter(() =>
      trpc.account.signIn.mutate({
        email: email(),
        password: password(),
        code: step() === "code" ? code().trim() || null : null,
      })
    );
  };
  const patience = () => wait() > 0 ? `Too many tries. Try again in ${formatCount(wait(), "second")}.` : null;

  return (
    <SignInLayout title="Sign in to Latchkey">
      <form class="flex flex-col gap-4" onSubmit={submit}>
        <Show
          when={step() === "password"}
          fallback={
            <>
              <p class="text-sm break-words text-muted">
                The password of <strong class="text-ink">{email()}</strong>{" "}
                is right. Now show that the account is yours.
              </p>
              <AuthenticatorCodeField code={code()} set={setCode} error={wrongCode()} />
            </>
          }
        >
          <Field label="Email address">
            {(parts) => (
              <input
                id={parts.id}
                type="email"
                name="email"
                class={inputClass}
                autocomplete="username"
                autofocus
                required
                value={email()}
                onInput={(event) => setEmail(event.currentTarget.value)}
              />
            )}
          </Field>
          <Field label="Password">
            {(parts) => (
              <input
                id={parts.id}
                type="password"
                name="password"
                class={inputClass}
                autocomplete="current-password"
                required
                value={password()}
                onInput={(event) => setPassword(event.currentTarget.value)}
              />
            )}
          </Field>
        </Show>
        <Show when={patience() ?? message()}>
          {(message) => <Failure error={{ message: message() }} />}
        </Show>
        <Button type="submit" variant="primary" class="w-full" isBusy={isBusy()} disabledReason={patience()}>
          Sign in
        </Button>
        <Show when={step() === "code"}>
          <Button
            variant="quiet"
            onClick={() => {
              setStep("password");
              setPassword("");
              setCode("");
            }}
          >
            Start again
          </Button>
        </Show>
      </form>
      <Show when={step() === "password" && canUsePasskeys()}>
        <div class="flex items-center gap-3 text-xs text-muted">
          <span class="h-px flex-1 bg-line" />or<span class="h-px flex-1 bg-line" />
        </div>
        <Button class="w-full" disabledReason={patience()} onClick={() => void enter(signInWithPasskey)}>
          <KeyIcon /> Use a passkey
        </Button>
      </Show>
    </SignInLayout>
  );
}
