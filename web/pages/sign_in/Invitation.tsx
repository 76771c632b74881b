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
  viewer: "As a Viewer you have read-only access to licensing data.",
  manager: "As a Manager you can change licensing data.",
  owner: "As an Owner you have full access and can invite others.",
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
        You are invited to join Latchkey. {permissions[props.invitation.role]}{"  "}The invitation expires
        {" "}
        {formatInstant(props.invitation.expiresAt)}.
      </p>
      <CredentialField
        kind="email"
        label="Email"
        hint="Used to sign in."
        value={props.invitation.email}
      />
      <NewPasswordField form={form} autofocus />
      <Button type="submit" variant="primary" isBusy={form.isBusy()}>Accept invitation</Button>
    </form>
  );
}
