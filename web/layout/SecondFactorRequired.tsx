// Shown in place of every page while a second factor is required that this session has not used. The page that was asked
// for follows.
import { useNavigate } from "@solidjs/router";
import { createEffect, Match, Show, Switch } from "solid-js";
import { AuthenticatorCodeField } from "../features/account/AuthenticatorCodeField.tsx";
import { loadPasskeys, PasskeyButton } from "../features/account/PasskeyButton.tsx";
import { Passkeys } from "../features/account/Passkeys.tsx";
import { SecondFactor } from "../features/account/SecondFactor.tsx";
import { isByProvider, loadMe, me, signOut } from "../features/account/session.ts";
import { createSignInFlow, type Credentials } from "../features/account/sign_in_flow.ts";
import { addresses } from "../lib/addresses.ts";
import { trpc } from "../lib/trpc.ts";
import { Button } from "../ui/Button.tsx";
import { Card } from "../ui/Card.tsx";
import { CredentialField } from "../ui/CredentialField.tsx";
import { Failure } from "../ui/Failure.tsx";
import { SignOutIcon } from "../ui/icons.ts";
import { Reauthenticate } from "./Reauthenticate.tsx";

export function SecondFactorRequired() {
  const navigate = useNavigate();
  const ownsOne = () => Boolean(me()?.hasTotp || me()?.passkeys);
  const title = () => ownsOne() ? "Confirm two-factor authentication" : "Set up two-factor authentication";
  createEffect(() => {
    document.title = `${title()} · Latchkey`;
  });
  async function leave() {
    if (await signOut()) return;
    navigate(addresses.signIn());
  }
  return (
    <>
      <main class="mx-auto flex w-full max-w-2xl flex-col gap-4 px-4 py-8">
        <header class="flex flex-wrap items-start justify-between gap-3">
          <div class="min-w-0 flex-1 basis-72">
            <h1 tabindex="-1" class="text-lg font-semibold tracking-tight outline-none">{title()}</h1>
            <p class="mt-0.5 text-sm break-words text-muted">
              <Show
                when={ownsOne()}
                fallback={
                  <>
                    All members must use two-factor authentication. Add an authenticator app or a passkey to
                    {" "}
                    {me()?.email} to continue.
                  </>
                }
              >
                All members must use two-factor authentication. You signed in as {me()?.email} without it.
              </Show>
            </p>
          </div>
          <Button variant="quiet" onClick={() => void leave()}>
            <SignOutIcon /> Sign out
          </Button>
        </header>
        <Switch>
          <Match when={ownsOne()}>
            <ConfirmSecondFactor />
          </Match>
          <Match when={!ownsOne()}>
            <SecondFactor />
            <Passkeys isFirst />
          </Match>
        </Switch>
      </main>
      <Reauthenticate />
    </>
  );
}

/** Password and code, or a passkey, for the session that is open. */
function ConfirmSecondFactor() {
  const flow = createSignInFlow({
    done: async () => void await loadMe(),
    failed: ({ code, message }) => code === "SIGN_IN_FAILED" ? "Incorrect password." : message,
  });
  const byPasskey = async () => await (await loadPasskeys()).reauthenticateWithPasskey();
  const byCode = ({ password }: Credentials) =>
    isByProvider()
      ? trpc.account.confirmSecondFactor.mutate({ code: flow.code().trim() || "none" }, {
        context: { quiet: true },
      })
      : trpc.account.reauthenticate.mutate({ password, code: flow.code().trim() || null }, {
        context: { quiet: true },
      });
  return (
    <Card
      title="Confirm your identity"
      hint="Applies to this session only."
    >
      <form
        class="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void flow.attempt(byCode);
        }}
      >
        <Show when={!isByProvider()}>
          <CredentialField
            kind="password"
            label="Password"
            value={flow.password()}
            set={flow.setPassword}
            autofocus
          />
        </Show>
        <AuthenticatorCodeField code={flow.code()} set={flow.setCode} error={flow.codeError()} noFocus />
        <Show when={flow.message()}>
          {(message) => <Failure error={{ message: message() }} />}
        </Show>
        <div class="flex flex-wrap justify-end gap-2">
          <PasskeyButton onClick={() => void flow.attempt(byPasskey)} />
          <Button type="submit" variant="primary" isBusy={flow.isBusy()}>Confirm</Button>
        </div>
      </form>
    </Card>
  );
}
