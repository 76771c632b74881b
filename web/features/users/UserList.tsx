// Users in a list: all of them, or those with a license of one customer.
import type { JSX } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { customerSearch } from "../pickers/searches.ts";
import { List } from "../../ui/list/List.tsx";
import type { Filter } from "../../ui/list/list.ts";
import { createListState } from "../lists/list_state.ts";
import { userColumns } from "./user_columns.tsx";

const filters: Filter[] = [
  { name: "off", title: "State", kind: { options: [["false", "Active"], ["true", "Switched off"]] } },
  { name: "customerId", title: "Customer", kind: customerSearch },
];

export function UserList(props: { customerId?: number; empty: JSX.Element }) {
  const shown = filters.filter(({ name }) => name !== "customerId" || props.customerId === undefined);
  const state = createListState("users", shown.map(({ name }) => name));
  const query = () => {
    const { q, sort, filters: { off, customerId } } = state.query();
    return {
      q,
      sort: sort as "email",
      disabled: off === undefined ? undefined : off === "true",
      customerId: props.customerId ?? (customerId === undefined ? undefined : Number(customerId)),
    };
  };
  const users = useApiQuery("users", "list", () => ({ ...query(), cursor: state.query().cursor }), {
    keepPrevious: true,
  });
  return (
    <List
      one="user"
      many="users"
      state={state}
      rows={users}
      columns={userColumns}
      filters={shown}
      defaultSort="email"
      searchedFields="email or name"
      href={({ id }) => addresses.user(id)}
      exportHref={(format) => {
        const { customerId, ...rest } = query();
        return withQuery("/api/admin/users/export", { format, ...rest, customer_id: customerId });
      }}
      empty={props.empty}
    />
  );
}
