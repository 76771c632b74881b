// Adding a user, with a password or without.
import { useNavigate } from "@solidjs/router";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { newUser } from "../../../server/domain/accounts/inputs.ts";
import { Card } from "../../ui/Card.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Page } from "../../ui/Page.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { UserFields } from "./UserFields.tsx";

export function NewUser() {
  const navigate = useNavigate();
  const create = useApiMutation("users", "create");
  const form = createForm({
    schema: newUser,
    start: { name: "", email: "", password: "" },
    draft: "user/new",
    prepare: ({ password, ...facts }) => ({ ...facts, password: password || undefined }),
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      toast(`${name} is a user. Give them a license, or send them a link to sign in.`);
      navigate(addresses.user(id));
    },
  });
  return (
    <Page title="New user" back={{ href: addresses.users(), title: "Users" }}>
      <Card class="max-w-2xl">
        <FormLayout
          form={form}
          verb="Create user"
          disabledReason={missingRoleReason("manager")}
          cancel={addresses.users()}
        >
          <UserFields form={form} isNew />
          <TextField
            form={form}
            name="password"
            label="Password (optional)"
            type="password"
            autocomplete="new-password"
            hint="Leave it empty to let them sign in by links that are mailed to them, or set a password of their own."
          />
        </FormLayout>
      </Card>
    </Page>
  );
}
