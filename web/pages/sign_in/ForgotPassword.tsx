// The page for a forgotten password: it asks for the address that a link is sent to. The answer is the same whether or not
// an administrator has it.
import { createResource, createSignal, Match, Show, Switch } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { type ApiError, toApiError } from "../../lib/api_error.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { CredentialField } from "../../ui/CredentialField.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { SignInLayout } from "./SignInLayout.tsx";

export function ForgotPassword() {
  const [options] = createResource(() =>
    trpc.account.signInOptions.query({}).catch((error) => ({ refused: toApiError(error) }))
  );
  const refused = () => {
    const found = options();
    return found && "refused" in found ? found.refused : null;
  };
  const hasMail = () => {
    const found = options();
    return found && "hasMail" in found ? found.hasMail : null;
  };
  return (
    <SignInLayout title="Reset your password">
      <Switch fallback={<Skeleton lines={3} />}>
        <Match when={refused()}>{(error) => <Failure error={error()} />}</Match>
        <Match when={hasMail()}>
          <RequestForm />
        </Match>
        <Match when={hasMail() === false}>
          <p class="text-sm text-muted">
            This server can't send email. Its operator can reset your password with this command:
          </p>
          <pre
            class="overflow-x-auto rounded-md bg-sunken px-3 py-2 text-xs"
            tabindex="0"
          ><code>deno task latchkey admin reset-password --email you@example.com</code></pre>
        </Match>
      </Switch>
      <ButtonLink href={addresses.signIn()} variant="quiet">Back to sign-in</ButtonLink>
    </SignInLayout>
  );
}

function RequestForm() {
  const [email, setEmail] = createSignal("");
  const [isSent, setIsSent] = createSignal(false);
  const [isBusy, setIsBusy] = createSignal(false);
  const [refused, setRefused] = createSignal<ApiError | null>(null);
  async function send(event: Event): Promise<void> {
    event.preventDefault();
    if (isBusy()) return;
    setIsBusy(true);
    setRefused(null);
    try {
      await trpc.account.requestPasswordLink.mutate({ email: email().trim() });
      setIsSent(true);
    } catch (error) {
      setRefused(toApiError(error));
    } finally {
      setIsBusy(false);
    }
  }
  return (
    <Show
      when={!isSent()}
      fallback={
        <p role="status" class="rounded-md bg-good-soft px-3 py-2 text-sm text-good">
          If an account with a password has this address, we've emailed a link. It expires in 1 hour. Nothing
          after a few minutes? Check your spam folder, or ask an owner whether the address is correct.
        </p>
      }
    >
      <form class="flex flex-col gap-4" onSubmit={send}>
        <p class="text-sm text-muted">
          We'll email you a link. Setting a new password signs you out everywhere; two-factor authentication
          stays required.
        </p>
        <CredentialField
          kind="email"
          label="Email"
          value={email()}
          set={setEmail}
          required
          autofocus
        />
        <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
        <Button type="submit" variant="primary" isBusy={isBusy()}>Email me a link</Button>
      </form>
    </Show>
  );
}
