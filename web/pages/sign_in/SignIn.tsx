// The sign-in page: email address and password, then a code where a second factor is enabled; or a passkey. It leads to
// the page that was asked for.
import { A, useNavigate, useSearchParams } from "@solidjs/router";
import { createResource, createSignal, onCleanup, onMount, Show } from "solid-js";
import { AuthenticatorCodeField } from "../../features/account/AuthenticatorCodeField.tsx";
import { canUsePasskeys, signInWithPasskey } from "../../features/account/passkeys.ts";
import { loadMe, reloadSession } from "../../features/account/session.ts";
import { createSignInFlow } from "../../features/account/sign_in_flow.ts";
import { addresses } from "../../lib/addresses.ts";
import { formatCount } from "../../lib/format.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { CredentialField } from "../../ui/CredentialField.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { KeyIcon } from "../../ui/icons.ts";
import { ProviderCode } from "./ProviderCode.tsx";
import { SignInLayout } from "./SignInLayout.tsx";

export function SignIn() {
  const navigate = useNavigate();
  const [params] = useSearchParams<{ next?: string; problem?: string; step?: string }>();
  const [email, setEmail] = createSignal("");
  const [retryAfter, setRetryAfter] = createSignal(0);

  /** Only paths of this panel: a link must not redirect to another site. */
  const next = () => /^\/(?![/\\])/.test(params.next ?? "") ? params.next! : addresses.dashboard();
  const leave = () => navigate(next(), { replace: true });

  /** Null until it is known: the form works without. */
  const [options] = createResource(() =>
    trpc.account.signInOptions.query({ problem: params.problem?.slice(0, 50) }).catch(() => null)
  );
  const provider = () => options()?.provider ?? null;
  const isCodeStep = () => params.step === "code" && provider() !== null;

  async function startProvider(): Promise<void> {
    const { url } = await trpc.account.startProviderSignIn.mutate({ returnTo: next() });
    globalThis.location.assign(url);
    // The page stays as it is until the provider's is there.
    await new Promise(() => {});
  }
  const flow = createSignInFlow({
    async done() {
      await reloadSession();
      leave();
    },
    failed({ code, message, details }) {
      if (code !== "RATE_LIMITED" || typeof details.retryAfter !== "number") return message;
      setRetryAfter(details.retryAfter);
      return null;
    },
  });

  onMount(async () => {
    // A signed-in administrator is sent on. An error is shown when the form is submitted.
    if (!params.problem && await loadMe().catch(() => null)) leave();
  });
  const clock = setInterval(() => setRetryAfter((seconds) => Math.max(0, seconds - 1)), 1000);
  onCleanup(() => clearInterval(clock));
  const disabledReason = () =>
    retryAfter() > 0 ? `Too many attempts. Try again in ${formatCount(retryAfter(), "second")}.` : null;

  return (
    <SignInLayout title="Sign in to Latchkey">
      <Show when={options()?.isEmpty}>
        <EmptySystem />
      </Show>
      <Show when={flow.message() === null && options()?.problem}>
        {(message) => <Failure error={{ message: message() }} />}
      </Show>
      <Show when={!isCodeStep() && provider()}>
        {(provider) => (
          <>
            <Button variant="primary" class="w-full" onClick={() => void flow.attempt(startProvider)}>
              Sign in with {provider().name}
            </Button>
            <Show when={provider().isRequired}>
              <p class="text-xs text-muted">
                Passwords and passkeys work for the emergency account only.
              </p>
            </Show>
            <Or />
          </>
        )}
      </Show>
      <Show when={!isCodeStep()} fallback={<ProviderCode name={provider()!.name} />}>
        <form
          class="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void flow.attempt((credentials) =>
              trpc.account.signIn.mutate({ email: email(), ...credentials })
            );
          }}
        >
          <Show
            when={flow.needsCode()}
            fallback={
              <>
                <CredentialField
                  kind="email"
                  label="Email"
                  value={email()}
                  set={setEmail}
                  required
                  autofocus
                />
                <CredentialField
                  kind="password"
                  label="Password"
                  value={flow.password()}
                  set={flow.setPassword}
                  required
                />
              </>
            }
          >
            <p class="text-sm break-words text-muted">
              Enter the code from your authenticator app for <strong class="text-ink">{email()}</strong>.
            </p>
            <AuthenticatorCodeField code={flow.code()} set={flow.setCode} error={flow.codeError()} />
          </Show>
          <Show when={disabledReason() ?? flow.message()}>
            {(message) => <Failure error={{ message: message() }} />}
          </Show>
          <Button
            type="submit"
            variant={provider() ? "plain" : "primary"}
            class="w-full"
            isBusy={flow.isBusy()}
            disabledReason={disabledReason()}
          >
            Sign in
          </Button>
          <Show
            when={flow.needsCode()}
            fallback={
              <A href={addresses.forgotPassword()} class="self-center text-sm text-accent hover:underline">
                Forgot your password?
              </A>
            }
          >
            <Button variant="quiet" onClick={flow.reset}>Back</Button>
          </Show>
        </form>
        <Show when={!flow.needsCode() && canUsePasskeys()}>
          <Or />
          {/* Wrong passwords do not make a passkey wait. */}
          <Button class="w-full" onClick={() => void flow.attempt(signInWithPasskey)}>
            <KeyIcon /> Use a passkey
          </Button>
        </Show>
      </Show>
    </SignInLayout>
  );
}

function Or() {
  return (
    <div class="flex items-center gap-3 text-xs text-muted">
      <span class="h-px flex-1 bg-line" />or<span class="h-px flex-1 bg-line" />
    </div>
  );
}

/** What to do on a system without administrators. */
function EmptySystem() {
  return (
    <div role="status" class="flex flex-col gap-2 rounded-md bg-sunken px-3 py-2 text-sm">
      <p>
        This server has no accounts yet. Open the setup link to create the first owner. The server logs it at
        start as <code>setup_url</code>. This command prints a new one:
      </p>
      <code class="text-xs break-words">deno task latchkey admin setup-link</code>
    </div>
  );
}
