// The list of users, the people who sign in to apps.
import { Show } from "solid-js";
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { UserList } from "../../features/users/UserList.tsx";
import { addresses } from "../../lib/addresses.ts";
import { formatTotal, formatTotalOf } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { Empty } from "../../ui/Empty.tsx";
import { Page } from "../../ui/Page.tsx";

export function Users() {
  const all = useApiQuery("users", "list", () => ({ limit: 1 }));
  const disabled = useApiQuery("users", "list", () => ({ disabled: true, limit: 1 }));
  const create = () => <CreateLink href={addresses.newUser()}>New user</CreateLink>;
  return (
    <Page
      title="Users"
      state={
        <Show when={all.data && disabled.data}>
          {formatTotalOf(all.data!, "user")}
          {disabled.data!.total > 0 && ` · ${formatTotal(disabled.data!)} disabled`}
        </Show>
      }
      actions={create()}
    >
      <UserList
        empty={
          <Empty title="No users yet" actions={create()}>
            Users sign in to your apps with their email. Activating with a license key needs no user.
          </Empty>
        }
      />
    </Page>
  );
}
