// The page behind the setup link, which a server without administrators prints when it starts: the first owner enters
// name, address and password and is signed in.
import { useNavigate } from "@solidjs/router";
import { createSignal } from "solid-js";
import { reloadSession } from "../../features/account/session.ts";
import { addresses } from "../../lib/addresses.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { CredentialField } from "../../ui/CredentialField.tsx";
import { LinkPage } from "./LinkPage.tsx";
import { createNewPassword } from "./new_password.ts";
import { NewPasswordField } from "./NewPasswordField.tsx";

export function Setup() {
  return (
    <LinkPage
      open={(token) => trpc.account.openSetup.mutate({ token })}
      title={(opened) => opened ? "Welcome to Latchkey" : "Setup"}
    >
      {(_setup, token) => <FirstOwner token={token} />}
    </LinkPage>
  );
}

function FirstOwner(props: { token: string }) {
  const navigate = useNavigate();
  const [name, setName] = createSignal("");
  const [email, setEmail] = createSignal("");
  const [missing, setMissing] = createSignal<Partial<Record<"name" | "email", string>>>({});
  const form = createNewPassword(async (password) => {
    await trpc.account.createFirstOwner.mutate({
      token: props.token,
      name: name().trim(),
      email: email().trim(),
      password,
    });
    await reloadSession();
    navigate(addresses.start(), { replace: true });
  });
  function submit(event: Event): void {
    event.preventDefault();
    setMissing({
      ...(name().trim() ? {} : { name: "Enter your name." }),
      ...(email().trim() ? {} : { email: "Enter your email address." }),
    });
    if (Object.keys(missing()).length === 0) void form.submit(event);
  }
  return (
    <form class="flex flex-col gap-4" novalidate onSubmit={submit}>
      <p class="text-sm text-muted">
        Create the first owner account. Owners have full access and can invite others.
      </p>
      <CredentialField
        kind="name"
        label="Your name"
        error={missing().name}
        value={name()}
        set={setName}
        autofocus
      />
      <CredentialField
        kind="email"
        label="Email"
        hint="Used to sign in."
        error={missing().email}
        value={email()}
        set={setEmail}
      />
      <NewPasswordField form={form} />
      <Button type="submit" variant="primary" isBusy={form.isBusy()}>Create account</Button>
    </form>
  );
}
