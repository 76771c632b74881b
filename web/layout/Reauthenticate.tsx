// When the session has ended, or something dangerous wants to know who asks: the password or a passkey is asked for in
// place, and what was going on goes on. Nothing typed is lost.
import { useLocation, useNavigate } from "@solidjs/router";
import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import { addresses } from "../lib/addresses.ts";
import { toApiError } from "../lib/api_error.ts";
import { loadMe, me, signOut } from "../features/account/session.ts";
import { setReauthenticationHandler, trpc } from "../lib/trpc.ts";
import { Button } from "../ui/Button.tsx";
import { AuthenticatorCodeField } from "../features/account/AuthenticatorCodeField.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Failure } from "../ui/Failure.tsx";
import { Field, inputClass } from "../ui/Field.tsx";
import { KeyIcon } from "../ui/icons.ts";

/** Loaded when they are wanted. */
const loadPasskeys = () => import("../features/account/passkeys.ts");

export function Reauthenticate() {
  const navigate = useNavigate();
  const location = useLocation();
  const [reason, setReason] = createSignal<"ended" | "not_fresh" | null>(null);
  const [needsCode, setNeedsCode] = createSignal(false);
  const [password, setPassword] = createSignal("");
  const [code, setCode] = createSignal("");
  const [message, setMessage] = createSignal<string | null>(null);
  const [wrongCode, setWrongCode] = createSignal<string | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);
  const [canUsePasskeys, setCanUsePasskeys] = createSignal(false);
  createEffect(() => {
    if (reason() === null || !me()?.passkeys) return;
    void loadPasskeys().then((passkeys) => setCanUsePasskeys(passkeys.canUsePasskeys()));
  });
  let waiting: ((proved: boolean) => void)[] = [];

  setReauthenticationHandler((next) => {
    // A session that has ended is the greater trouble of the two.
    if (reason() !== "ended") setReason(next);
    return new Promise((resolve) => waiting.push(resolve));
  });
  onCleanup(() => setReauthenticationHandler(() => Promise.resolve(false)));

  function settle(proved: boolean): void {
    const asked = waiting;
    waiting = [];
    setPassword("");
    setCode("");
    setReason(null);
    setNeedsCode(false);
    setMessage(null);
    setWrongCode(null);
    for (const resolve of asked) resolve(proved);
  }

  async function prove(work: () => Promise<unknown>): Promise<void> {
    if (isBusy()) return;
    setIsBusy(true);
    setMessage(null);
    setWrongCode(null);
    try {
      await work();
      settle(true);
    } catch (error) {
      const { code, message, details } = toApiError(error);
      if (code === "SECOND_FACTOR_REQUIRED") {
        if (details.reason === "wrong") {
          setWrongCode("This code is not right, or was used before. Wait for the next one.");
        }
        setNeedsCode(true);
      } else if (code === "SIGN_IN_REQUIRED") {
        // It ended while this was asked.
        setReason("ended");
      } else {
        setMessage(code === "SIGN_IN_FAILED" ? "The password is not right." : message);
      }
    } finally {
      setIsBusy(false);
    }
  }

  async function byPassword(): Promise<void> {
    const proof = { password: password(), code: needsCode() ? code().trim() || null : null };
    const quiet = { context: { quiet: true } };
    if (reason() === "not_fresh") return await trpc.account.proveAgain.mutate(proof, quiet);
    await trpc.account.signIn.mutate({ email: me()!.email, ...proof }, quiet);
    await loadMe();
  }

  async function byPasskey(): Promise<void> {
    const passkeys = await loadPasskeys();
    if (reason() === "not_fresh") return await passkeys.reauthenticateWithPasskey();
    const { administrator } = await passkeys.signInWithPasskey();
    // Somebody else's passkey: what was going on is not theirs.
    if (administrator.id !== me()?.id) globalThis.location.assign(addresses.dashboard());
    else await loadMe();
  }

  async function leave(): Promise<void> {
    settle(false);
    await signOut();
    navigate(addresses.signIn(location.pathname + location.search));
  }

  return (
    <Dialog
      title={reason() === "ended" ? "Your session has ended" : "Is it you?"}
      hint={reason() === "ended"
        ? "Sign in again and go on where you were. Nothing you typed is lost."
        : "This is a change that wants to know that it is you, as you last showed it some time ago."}
      isOpen={reason() !== null}
      stays={reason() === "ended"}
      close={() => settle(false)}
    >
      <form
        class="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void prove(byPassword);
        }}
      >
        <p class="text-sm break-words text-muted">
          You are <strong class="text-ink">{me()?.email}</strong>.
        </p>
        <Field label="Password">
          {(parts) => (
            <input
              id={parts.id}
              type="password"
              class={inputClass}
              autocomplete="current-password"
              value={password()}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Field>
        <Show when={needsCode()}>
          <AuthenticatorCodeField code={code()} set={setCode} error={wrongCode()} />
        </Show>
        <Show when={message()}>
          {(message) => <Failure error={{ message: message() }} />}
        </Show>
        <div class="flex flex-wrap justify-end gap-2">
          <Show when={canUsePasskeys()}>
            <Button class="mr-auto" onClick={() => void prove(byPasskey)}>
              <KeyIcon /> Use a passkey
            </Button>
          </Show>
          <Show
            when={reason() === "ended"}
            fallback={<Button onClick={() => settle(false)}>Cancel</Button>}
          >
            <Button variant="quiet" onClick={() => void leave()}>Sign in as somebody else</Button>
          </Show>
          <Button type="submit" variant="primary" isBusy={isBusy()}>Go on</Button>
        </div>
      </form>
    </Dialog>
  );
}
