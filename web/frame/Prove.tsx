// When the session has ended, or something dangerous wants to know who asks: the password is asked for in place, and
// what was going on goes on. Nothing typed is lost.
import { useNavigate } from "@solidjs/router";
import { createSignal, onCleanup, Show } from "solid-js";
import { addresses } from "../addresses.ts";
import { refusalOf } from "../lib/refusal.ts";
import { loadMe, me } from "../lib/session.ts";
import { askToProveBy, trpc } from "../lib/trpc.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Failure } from "../ui/Empty.tsx";
import { Field, inputLook } from "../ui/Field.tsx";

export function Prove() {
  const navigate = useNavigate();
  const [why, setWhy] = createSignal<"ended" | "not_fresh" | null>(null);
  const [needsCode, setNeedsCode] = createSignal(false);
  const [message, setMessage] = createSignal<string | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);
  let password = "";
  let code = "";
  let waiting: ((proved: boolean) => void)[] = [];

  askToProveBy((reason) => {
    setWhy(reason);
    return new Promise((resolve) => waiting.push(resolve));
  });
  onCleanup(() => askToProveBy(() => Promise.resolve(false)));

  function settle(proved: boolean): void {
    const asked = waiting;
    waiting = [];
    password = code = "";
    setWhy(null);
    setNeedsCode(false);
    setMessage(null);
    for (const resolve of asked) resolve(proved);
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setIsBusy(true);
    setMessage(null);
    const proof = { password, code: code || null };
    const quiet = { context: { quiet: true } };
    try {
      if (why() === "ended") {
        await trpc.account.signIn.mutate({ email: me()!.email, ...proof }, quiet);
        await loadMe();
      } else {
        await trpc.account.proveAgain.mutate(proof, quiet);
      }
      settle(true);
    } catch (error) {
      const refused = refusalOf(error);
      if (refused.code === "SECOND_FACTOR_REQUIRED") setNeedsCode(true);
      else setMessage(refused.message);
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <Dialog
      title={why() === "ended" ? "Your session has ended" : "Is it you?"}
      hint={why() === "ended"
        ? "Sign in again and go on where you were. Nothing you typed is lost."
        : "This is a change that wants your password, because it was last asked for some time ago."}
      isOpen={why() !== null}
      stays={why() === "ended"}
      close={() => settle(false)}
    >
      <form class="flex flex-col gap-4" onSubmit={submit}>
        <p class="text-sm text-muted">
          You are <strong class="text-ink">{me()?.email}</strong>.
        </p>
        <Field label="Password">
          {(parts) => (
            <input
              id={parts.id}
              type="password"
              class={inputLook}
              autocomplete="current-password"
              onInput={(event) => (password = event.currentTarget.value)}
            />
          )}
        </Field>
        <Show when={needsCode()}>
          <Field label="Code of your authenticator app, or a recovery code">
            {(parts) => (
              <input
                id={parts.id}
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
        <div class="flex justify-end gap-2">
          <Show
            when={why() === "ended"}
            fallback={<Button onClick={() => settle(false)}>Cancel</Button>}
          >
            <Button
              look="quiet"
              onClick={() => {
                settle(false);
                navigate(addresses.signIn());
              }}
            >
              Sign in as somebody else
            </Button>
          </Show>
          <Button type="submit" look="primary" isBusy={isBusy()}>Go on</Button>
        </div>
      </form>
    </Dialog>
  );
}
