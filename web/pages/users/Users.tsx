// All users: people who sign in to the apps.
import { Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatTotal } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { UserList } from "../../features/users/UserList.tsx";

export function Users() {
  const all = useApiQuery("users", "list", () => ({ limit: 1 }));
  const off = useApiQuery("users", "list", () => ({ disabled: true, limit: 1 }));
  const add = () => (
    <ButtonLink href={addresses.newUser()} variant="primary" disabledReason={missingRoleReason("manager")}>
      <AddIcon /> New user
    </ButtonLink>
  );
  return (
    <Page
      title="Users"
      state={
        <Show when={all.data && off.data}>
          {formatTotal(all.data!)} {all.data!.total === 1 ? "user" : "users"}
          {off.data!.total > 0 && `, ${formatTotal(off.data!)} switched off`}
        </Show>
      }
      actions={add()}
    >
      <UserList
        empty={
          <Empty title="No users yet" actions={add()}>
            A user is who signs in to an app with an address of their own. Whoever types in a license key
            needs none.
          </Empty>
        }
      />
    </Page>
  );
}
