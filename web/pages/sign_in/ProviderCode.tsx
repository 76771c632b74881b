// The second step of a sign-in with the identity provider: a code of the account's own second factor.
import { useNavigate } from "@solidjs/router";
import { Show } from "solid-js";
import { AuthenticatorCodeField } from "../../features/account/AuthenticatorCodeField.tsx";
import { reloadSession } from "../../features/account/session.ts";
import { createSignInFlow } from "../../features/account/sign_in_flow.ts";
import { addresses } from "../../lib/addresses.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Failure } from "../../ui/Failure.tsx";

export function ProviderCode(props: { name: string }) {
  const navigate = useNavigate();
  let next: string = addresses.dashboard();
  const flow = createSignInFlow({
    async done() {
      await reloadSession();
      navigate(next, { replace: true });
    },
    failed: ({ message }) => message,
  });
  async function send(): Promise<void> {
    next =
      (await trpc.account.completeProviderSignIn.mutate({ code: flow.code().trim() || "none" })).returnTo;
  }
  return (
    <form
      class="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void flow.attempt(send);
      }}
    >
      <p class="text-sm text-muted">
        {props.name} has signed you in. Enter the code from your authenticator app to continue.
      </p>
      <AuthenticatorCodeField code={flow.code()} set={flow.setCode} error={flow.codeError()} />
      <Show when={flow.message()}>{(message) => <Failure error={{ message: message() }} />}</Show>
      <Button type="submit" variant="primary" isBusy={flow.isBusy()}>Sign in</Button>
      <ButtonLink href={addresses.signIn()} variant="quiet">Back</ButtonLink>
    </form>
  );
}
