// The columns of user lists.
import { emptyValue, formatNumber } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import type { Column } from "../../ui/list/list.ts";
import { Time } from "../../ui/Time.tsx";
import { tagColumn } from "../tags/Tags.tsx";
import { UserState } from "./UserState.tsx";

export type User = Outputs["users"]["list"]["rows"][number];

export const userColumns: Column<User>[] = [
  { id: "email", title: "Email", isText: true, sort: "email", width: 260, cell: (user) => user.email },
  { id: "name", title: "Name", isText: true, width: 200, cell: (user) => user.name || emptyValue },
  { id: "state", title: "Status", width: 130, cell: (user) => <UserState disabledAt={user.disabledAt} /> },
  {
    id: "licenses",
    title: "Licenses",
    width: 90,
    isNumber: true,
    cell: (user) => formatNumber(user.licenses),
  },
  {
    id: "signs-in",
    title: "Sign-in method",
    width: 140,
    cell: (user) => user.hasPassword ? "Password, magic link" : "Magic link only",
  },
  {
    id: "seen",
    title: "Last sign-in",
    width: 150,
    cell: (user) => <Time at={user.lastSeenAt} />,
  },
  tagColumn,
  { id: "created", title: "Created", sort: "id", width: 150, cell: (user) => <Time at={user.createdAt} /> },
];
