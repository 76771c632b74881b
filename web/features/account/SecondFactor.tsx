// The card that enables and disables the authenticator app, and makes new recovery codes.
import { createSignal, Match, Show, Switch } from "solid-js";
import { refresh } from "../../lib/queries.ts";
import { loadMe, me } from "./session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { toast, toastError } from "../../ui/Toasts.tsx";
import { RecoveryCodes } from "./RecoveryCodes.tsx";
import { AuthenticatorSetup } from "./AuthenticatorSetup.tsx";

export function SecondFactor() {
  const [setup, setSetup] = createSignal<Outputs["account"]["startTotpSetup"] | null>(null);
  const [codes, setCodes] = createSignal<string[] | null>(null);
  const [isConfirming, setIsConfirming] = createSignal(false);

  const start = () => trpc.account.startTotpSetup.mutate().then(setSetup, toastError);
  const renew = () => trpc.account.createRecoveryCodes.mutate().then(setCodes, toastError);

  /**
   * The session is reloaded only now: an administrator who had to add a second factor is then sent on to the panel,
   * where these codes are no longer visible.
   */
  async function finish(): Promise<void> {
    setCodes(null);
    await loadMe().catch(toastError);
    refresh();
  }
  async function drop(): Promise<void> {
    await trpc.account.disableTotp.mutate();
    toast("Two-factor authentication is off.");
    await loadMe();
  }

  return (
    <Card
      title="Authenticator app"
      hint="A 6-digit code from your phone in addition to your password."
      actions={<Badge tone={me()?.hasTotp ? "good" : "off"}>{me()?.hasTotp ? "On" : "Off"}</Badge>}
    >
      <Switch>
        <Match when={me()?.hasTotp}>
          <div class="flex flex-wrap items-center gap-2">
            <p class="min-w-0 flex-1 basis-60 text-sm text-muted">
              Signing in requires a code. If you lose the app, use a recovery code; new codes replace the old
              ones.
            </p>
            <Button onClick={() => void renew()}>New recovery codes</Button>
            <Button variant="danger" onClick={() => setIsConfirming(true)}>Turn off</Button>
          </div>
        </Match>
        <Match when={setup()}>
          {(setup) => (
            <AuthenticatorSetup
              setup={setup()}
              confirmed={(codes) => {
                setSetup(null);
                setCodes(codes);
                toast("Two-factor authentication is on.");
              }}
              cancel={() => setSetup(null)}
            />
          )}
        </Match>
        <Match when={!setup()}>
          <div class="flex flex-wrap items-center gap-2">
            <p class="min-w-0 flex-1 basis-60 text-sm text-muted">
              Adds a 6-digit code at sign-in. Works with any TOTP app.
            </p>
            <Show when={me()?.passkeys}>
              <Button onClick={() => void renew()}>New recovery codes</Button>
            </Show>
            <Button variant="primary" onClick={() => void start()}>Set up</Button>
          </div>
        </Match>
      </Switch>
      <RecoveryCodes codes={codes()} done={() => void finish()} />
      <Show when={me()}>
        {(person) => (
          <Confirm
            title="Turn off two-factor authentication"
            name={person().email}
            verb="Turn off"
            isOpen={isConfirming()}
            close={() => setIsConfirming(false)}
            run={drop}
          >
            You will sign in with your password alone. The recovery codes stop working, and setting it up
            again creates a new setup key. Passkeys are kept.
          </Confirm>
        )}
      </Show>
    </Card>
  );
}
