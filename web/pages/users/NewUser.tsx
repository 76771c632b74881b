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
      message={({ name }) => `User “${name}” created.`}
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
            hint="Leave blank to let them sign in with magic links and set their own password."
          />
        </>
      )}
    </CreatePage>
  );
}
