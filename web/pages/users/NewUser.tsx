// The page that creates a user, with or without a password.
import { newUser } from "../../../server/domain/accounts/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { TextField } from "../../ui/Field.tsx";
import { UserFields } from "./UserFields.tsx";

export function NewUser() {
  const create = useApiMutation("users", "create");
  return (
    <CreatePage
      title="New user"
      list={{ href: addresses.users(), title: "Users" }}
      form={{
        schema: newUser,
        start: { name: "", email: "", password: "" },
        draft: "user/new",
        prepare: ({ password, ...values }) => ({ ...values, password: password || undefined }),
        save: (checked) => create.run(checked),
      }}
      href={addresses.user}
      message={({ name }) => `${name} is a user. Give them a license, or send them a link to sign in.`}
      verb="Create user"
    >
      {(form) => (
        <>
          <UserFields form={form} isNew />
          <TextField
            form={form}
            name="password"
            label="Password (optional)"
            type="password"
            autocomplete="new-password"
            hint="Leave it empty to let them sign in by links that are mailed to them, or set a password of their own."
          />
        </>
      )}
    </CreatePage>
  );
}
