// Setting up an authenticator app: the secret as a QR code and as text, confirmed by a first code.
import { createSignal } from "solid-js";
import { toApiError } from "../../lib/api_error.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Code } from "../../ui/Code.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";
import { QrCode } from "../../ui/QrCode.tsx";

export function AuthenticatorSetup(
  props: {
    setup: Outputs["account"]["startTotpSetup"];
    confirmed(recoveryCodes: string[]): void;
    cancel(): void;
  },
) {
  const [code, setCode] = createSignal("");
  const [wrong, setWrong] = createSignal<string | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);
  async function confirm(event: Event): Promise<void> {
    event.preventDefault();
    const typed = code().replace(/\s/g, "");
    if (isBusy()) return;
    if (!/^\d{6}$/.test(typed)) {
      setWrong("Enter the 6-digit code from the app.");
      return;
    }
    setIsBusy(true);
    setWrong(null);
    try {
      props.confirmed(await trpc.account.confirmTotpSetup.mutate({ code: typed }));
    } catch (error) {
      const { code, message } = toApiError(error);
      setWrong(
        code === "SECOND_FACTOR_REQUIRED"
          ? "Incorrect code. Wait for the next one, and check that your phone's clock is correct."
          : message,
      );
    } finally {
      setIsBusy(false);
    }
  }
  return (
    <div class="flex flex-wrap items-start gap-6">
      <QrCode text={props.setup.url} label="QR code with the setup key" />
      <form class="flex min-w-0 flex-1 basis-64 flex-col gap-4" novalidate onSubmit={confirm}>
        <div class="text-sm">
          <p>Scan the QR code with the app or enter this setup key:</p>
          <Code text={props.setup.secret.replace(/.{4}(?=.)/g, "$& ")} label="the setup key" />
        </div>
        <Field label="Authentication code" error={wrong()}>
          {(parts) => (
            <input
              id={parts.id}
              name="code"
              class={`${inputClass} font-mono`}
              inputmode="numeric"
              autocomplete="one-time-code"
              value={code()}
              aria-describedby={parts.describedBy}
              aria-invalid={parts.isInvalid}
              onInput={(event) => setCode(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" isBusy={isBusy()}>Confirm</Button>
          <Button variant="quiet" onClick={() => props.cancel()}>Cancel</Button>
        </div>
      </form>
    </div>
  );
}
