// The page behind an invitation's link: the invited administrator chooses a password and is signed in.
import { useNavigate } from "@solidjs/router";
import { addresses } from "../../lib/addresses.ts";
import { formatInstant } from "../../lib/format.ts";
import { reloadSession } from "../../features/account/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { CredentialField } from "../../ui/CredentialField.tsx";
import { LinkPage } from "./LinkPage.tsx";
import { createNewPassword } from "./new_password.ts";
import { NewPasswordField } from "./NewPasswordField.tsx";

type OpenInvitation = Outputs["account"]["openInvitation"];

const permissions: Record<OpenInvitation["role"], string> = {
  viewer: "As a viewer you may look at everything about licenses.",
  manager: "As a manager you may look at licensing data and change it.",
  owner: "As an owner you may do everything, and invite others.",
};

export function Invitation() {
  return (
    <LinkPage
      open={(token) => trpc.account.openInvitation.mutate({ token })}
      title={(opened: OpenInvitation | null) => opened ? `Welcome, ${opened.name}` : "Invitation"}
    >
      {(invitation, token) => <AcceptForm invitation={invitation} token={token} />}
    </LinkPage>
  );
}

function AcceptForm(props: { invitation: OpenInvitation; token: string }) {
  const navigate = useNavigate();
  const form = createNewPassword(async (password) => {
    await trpc.account.acceptInvitation.mutate({ token: props.token, password });
    await reloadSession();
    navigate(addresses.dashboard(), { replace: true });
  });
  return (
    <form class="flex flex-col gap-4" novalidate onSubmit={form.submit}>
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
      <NewPasswordField form={form} autofocus />
      <Button type="submit" variant="primary" isBusy={form.isBusy()}>Begin</Button>
    </form>
  );
}
