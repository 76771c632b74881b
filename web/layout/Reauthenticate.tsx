// The dialog that asks for the password or a passkey when the session has ended, or before a sensitive action. The call
// that needed it is repeated afterwards, so nothing typed is lost.
import { useLocation, useNavigate } from "@solidjs/router";
import { createResource, createSignal, onCleanup, Show } from "solid-js";
import { AuthenticatorCodeField } from "../features/account/AuthenticatorCodeField.tsx";
import { loadPasskeys, PasskeyButton } from "../features/account/PasskeyButton.tsx";
import { isByProvider, loadMe, me, signOut } from "../features/account/session.ts";
import { waitForProvider } from "../features/account/provider_window.ts";
import { createSignInFlow, type Credentials } from "../features/account/sign_in_flow.ts";
import { addresses } from "../lib/addresses.ts";
import { type ReauthenticationReason, setReauthenticationHandler, trpc } from "../lib/trpc.ts";
import { Button } from "../ui/Button.tsx";
import { CredentialField } from "../ui/CredentialField.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Failure } from "../ui/Failure.tsx";

export function Reauthenticate() {
  const navigate = useNavigate();
  const location = useLocation();
  const [reason, setReason] = createSignal<ReauthenticationReason | null>(null);
  let waiting: ((isDone: boolean) => void)[] = [];

  const flow = createSignInFlow({
    done: () => settle(true),
    failed({ code, message }) {
      if (code === "SIGN_IN_REQUIRED") {
        // The session ended while the dialog was open.
        setReason("ended");
        return null;
      }
      return code === "SIGN_IN_FAILED" ? "Incorrect password." : message;
    },
  });

  setReauthenticationHandler((next) => {
    // Signing in again also satisfies calls that need a recent authentication, so "ended" is kept.
    if (reason() !== "ended") setReason(next);
    return new Promise((resolve) => waiting.push(resolve));
  });
  onCleanup(() => setReauthenticationHandler(() => Promise.resolve(false)));

  function settle(isDone: boolean): void {
    const callers = waiting;
    waiting = [];
    setReason(null);
    flow.reset();
    for (const resolve of callers) resolve(isDone);
  }

  async function byPassword(credentials: Credentials): Promise<void> {
    const quiet = { context: { quiet: true } };
    if (reason() === "not_fresh") return await trpc.account.reauthenticate.mutate(credentials, quiet);
    await trpc.account.signIn.mutate({ email: me()!.email, ...credentials }, quiet);
    await loadMe();
  }

  const [providerName] = createResource(
    () => reason() !== null && isByProvider(),
    () => trpc.account.signInOptions.query({}).then(({ provider }) => provider?.name ?? null),
  );

  async function byProvider(): Promise<void> {
    const { id, authenticatedAt } = me()!;
    const quiet = { context: { quiet: true } };
    const isEnded = reason() === "ended";
    const start = isEnded ? trpc.account.startProviderSignIn : trpc.account.startProviderReauthentication;
    const person = await waitForProvider(
      (returnTo) => start.mutate({ returnTo }, quiet),
      (person) => isEnded || person.authenticatedAt !== authenticatedAt,
    );
    if (!person) throw new Error("The window was closed before you finished. Try again.");
    if (person.id !== id) globalThis.location.assign(addresses.dashboard());
    else await loadMe();
  }

  async function byPasskey(): Promise<void> {
    const passkeys = await loadPasskeys();
    if (reason() === "not_fresh") return await passkeys.reauthenticateWithPasskey();
    const { administrator } = await passkeys.signInWithPasskey();
    // Another administrator's passkey: the pending calls are not theirs.
    if (administrator.id !== me()?.id) globalThis.location.assign(addresses.dashboard());
    else await loadMe();
  }

  async function leave(): Promise<void> {
    settle(false);
    if (await signOut()) return;
    navigate(addresses.signIn(location.pathname + location.search));
  }

  return (
    <Dialog
      title={reason() === "ended" ? "Your session has expired" : "Confirm your identity"}
      hint={reason() === "ended"
        ? "Sign in again to continue where you left off. Nothing you typed is lost."
        : isByProvider()
        ? "For your security, confirm your identity to continue. Nothing you typed is lost."
        : "For your security, re-enter your password to continue."}
      isOpen={reason() !== null}
      stays={reason() === "ended"}
      close={() => settle(false)}
    >
      <form
        class="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void flow.attempt(byPassword);
        }}
      >
        <p class="text-sm break-words text-muted">
          Account: <strong class="text-ink">{me()?.email}</strong>
        </p>{" "}
        <Show when={!isByProvider()}>
          <CredentialField
            kind="password"
            label="Password"
            value={flow.password()}
            set={flow.setPassword}
            autofocus
          />
        </Show>
        <Show when={flow.needsCode()}>
          <AuthenticatorCodeField code={flow.code()} set={flow.setCode} error={flow.codeError()} />
        </Show>
        <Show when={flow.message()}>
          {(message) => <Failure error={{ message: message() }} />}
        </Show>
        <div class="flex flex-wrap justify-end gap-2">
          <PasskeyButton onClick={() => void flow.attempt(byPasskey)} />
          <Show
            when={reason() === "ended"}
            fallback={<Button onClick={() => settle(false)}>Cancel</Button>}
          >
            <Button variant="quiet" onClick={() => void leave()}>Use another account</Button>
          </Show>
          <Show
            when={isByProvider()}
            fallback={<Button type="submit" variant="primary" isBusy={flow.isBusy()}>Continue</Button>}
          >
            <Button variant="primary" isBusy={flow.isBusy()} onClick={() => void flow.attempt(byProvider)}>
              Confirm with {providerName() ?? "the identity provider"}
            </Button>
          </Show>
        </div>
      </form>
    </Dialog>
  );
}
