// A list of users: all of them, or those with a license of one customer.
import { metadataFilter } from "../metadata/metadata.ts";
import type { JSX } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { List } from "../../ui/list/List.tsx";
import type { Filter } from "../../ui/list/list.ts";
import { createdFilter } from "../lists/created_filter.ts";
import { tagFilter } from "../tags/Tags.tsx";
import { useList } from "../lists/use_list.ts";
import { customerSearch } from "../pickers/searches.ts";
import { userColumns } from "./user_columns.tsx";

const filters: Filter[] = [
  metadataFilter,
  { name: "disabled", title: "Status", kind: { options: [["false", "Active"], ["true", "Disabled"]] } },
  { name: "customerId", title: "Customer", kind: customerSearch },
  tagFilter,
  createdFilter,
];

/**
 * @param props.customerId only users with a license of this customer
 * @param props.empty shown when there are none
 */
export function UserList(props: { customerId?: number; empty: JSX.Element }) {
  const { customerId } = props;
  const list = useList("users", {
    filters: filters.filter(({ name }) => name !== "customerId" || customerId === undefined),
    defaultSort: "email",
    fixed: customerId === undefined ? {} : { customerId },
  });
  return (
    <List
      {...list}
      one="user"
      many="users"
      columns={userColumns}
      searchedFields="email or name"
      href={({ id }) => addresses.user(id)}
      empty={props.empty}
    />
  );
}
