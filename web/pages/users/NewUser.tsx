// The page that creates a user, with or without a password.
import { useNavigate } from "@solidjs/router";
import { newUser } from "../../../server/domain/accounts/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { addresses } from "../../lib/addresses.ts";
import { createForm } from "../../lib/form.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { TextField } from "../../ui/Field.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { UserFields } from "./UserFields.tsx";

export function NewUser() {
  const navigate = useNavigate();
  const create = useApiMutation("users", "create");
  const form = createForm({
    schema: newUser,
    start: { name: "", email: "", password: "" },
    draft: "user/new",
    prepare: ({ password, ...values }) => ({ ...values, password: password || undefined }),
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      toast(`${name} is a user. Give them a license, or send them a link to sign in.`);
      navigate(addresses.user(id));
    },
  });
  return (
    <CreatePage
      title="New user"
      list={{ href: addresses.users(), title: "Users" }}
      form={form}
      verb="Create user"
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
    </CreatePage>
  );
}
