// The page behind the link of a forgotten password. It does not sign in: the sign-in follows, with a second factor where
// the account has one.
import { createSignal, Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { CredentialField } from "../../ui/CredentialField.tsx";
import { LinkPage } from "./LinkPage.tsx";
import { createNewPassword } from "./new_password.ts";
import { NewPasswordField } from "./NewPasswordField.tsx";

export function ResetPassword() {
  return (
    <LinkPage
      open={(token) => trpc.account.openPasswordLink.mutate({ token })}
      title={() => "Reset your password"}
      elsewhere={
        <ButtonLink href={addresses.forgotPassword()} variant="primary">Request a new link</ButtonLink>
      }
    >
      {(account, token) => <ChooseForm email={account.email} token={token} />}
    </LinkPage>
  );
}

function ChooseForm(props: { email: string; token: string }) {
  const [isDone, setIsDone] = createSignal(false);
  const form = createNewPassword(async (password) => {
    await trpc.account.resetPassword.mutate({ token: props.token, password });
    setIsDone(true);
  });
  return (
    <Show
      when={!isDone()}
      fallback={
        <>
          <p role="status" class="rounded-md bg-good-soft px-3 py-2 text-sm text-good">
            Password changed. All sessions and access tokens were revoked. Sign in with the new password.
          </p>
          <ButtonLink href={addresses.signIn()} variant="primary">Go to sign-in</ButtonLink>
        </>
      }
    >
      <form class="flex flex-col gap-4" novalidate onSubmit={form.submit}>
        <CredentialField kind="email" label="Email" value={props.email} />
        <NewPasswordField form={form} autofocus />
        <Button type="submit" variant="primary" isBusy={form.isBusy()}>Save password</Button>
      </form>
    </Show>
  );
}
