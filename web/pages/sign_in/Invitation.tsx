// The page behind an invitation's link: the invited administrator chooses a password and is signed in.
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createResource, createSignal, Match, Show, Switch } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { formatInstant } from "../../lib/format.ts";
import { type ApiError, toApiError } from "../../lib/api_error.ts";
import { reloadSession } from "../../features/account/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { CredentialField } from "../../ui/CredentialField.tsx";
import { SignInLayout } from "./SignInLayout.tsx";

type OpenResult = Outputs["account"]["openInvitation"] | { refused: ApiError };

const permissions: Record<Outputs["account"]["openInvitation"]["role"], string> = {
  viewer: "As a viewer you may look at everything about licenses.",
  manager: "As a manager you may look at licensing data and change it.",
  owner: "As an owner you may do everything, and invite others.",
};

export function Invitation() {
  const [params] = useSearchParams<{ token?: string }>();
  const [opened] = createResource<OpenResult>(() =>
    trpc.account.openInvitation.mutate({ token: params.token || "none" })
      .catch((error) => ({ refused: toApiError(error) }))
  );
  const open = () => {
    const found = opened();
    return found && !("refused" in found) ? found : null;
  };
  const refused = () => {
    const found = opened();
    return found && "refused" in found ? found.refused : null;
  };
  return (
    <SignInLayout title={open() ? `Welcome, ${open()!.name}` : "Invitation"}>
      <Switch fallback={<Skeleton lines={3} />}>
        <Match when={open()}>
          {(invitation) => <AcceptForm invitation={invitation()} token={params.token!} />}
        </Match>
        <Match when={refused()}>
          {(error) => (
            <>
              <Failure error={error()} />
              <ButtonLink href={addresses.signIn()}>To the sign-in</ButtonLink>
            </>
          )}
        </Match>
      </Switch>
    </SignInLayout>
  );
}

function AcceptForm(props: { invitation: Outputs["account"]["openInvitation"]; token: string }) {
  const navigate = useNavigate();
  const [password, setPassword] = createSignal("");
  const [tooShort, setTooShort] = createSignal<string | null>(null);
  const [refused, setRefused] = createSignal<ApiError | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);
  async function accept(event: Event): Promise<void> {
    event.preventDefault();
    if (isBusy()) return;
    if (password().length < 8) {
      setTooShort("At least 8 characters.");
      return;
    }
    setIsBusy(true);
    setRefused(null);
    try {
      await trpc.account.acceptInvitation.mutate({ token: props.token, password: password() });
      await reloadSession();
      navigate(addresses.dashboard(), { replace: true });
    } catch (error) {
      setRefused(toApiError(error));
    } finally {
      setIsBusy(false);
    }
  }
  return (
    <form class="flex flex-col gap-4" novalidate onSubmit={accept}>
      <p class="text-sm text-muted">
        You are invited to administer licenses here. {permissions[props.invitation.role]}{" "}
        The invitation is open until {formatInstant(props.invitation.expiresAt)}.
      </p>
      <CredentialField
        kind="email"
        label="Email address"
        hint="You sign in with it."
        value={props.invitation.email}
      />
      <CredentialField
        kind="new-password"
        label="Choose a password"
        hint="At least 8 characters. Three or four words are good."
        error={tooShort()}
        value={password()}
        set={(value) => {
          setPassword(value);
          setTooShort(null);
        }}
        autofocus
      />
      <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
      <Button type="submit" variant="primary" isBusy={isBusy()}>Begin</Button>
    </form>
  );
}
