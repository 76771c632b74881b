// What an administrator must know without watching: alerts, anomalies, failed jobs and sign-ins, read and unread.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import {
  notificationKindNames,
  notificationKinds,
} from "../../../server/domain/events/catalogue/notification_kinds.ts";
import { useList } from "../../features/lists/use_list.ts";
import { markAllRead, markNotification } from "../../features/notifications/notification_actions.ts";
import {
  describeRepetition,
  type Notification,
  notificationHref,
  notificationStatus,
  notificationTitle,
} from "../../features/notifications/notification_labels.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";

const filters: Filter[] = [
  { name: "unread", title: "Read", kind: { options: [["true", "Unread"], ["false", "Read"]] } },
  { name: "resolved", title: "Status", kind: { options: [["false", "Open"], ["true", "Resolved"]] } },
  {
    name: "kind",
    title: "Type",
    kind: { options: notificationKindNames.map((kind) => [kind, notificationKinds[kind].title] as const) },
  },
];

const columns: Column<Notification>[] = [
  {
    id: "title",
    title: "Notification",
    width: 420,
    minWidth: 260,
    priority: 0,
    isText: true,
    cell: (row) => <Title row={row} />,
  },
  {
    id: "kind",
    title: "Type",
    width: 180,
    minWidth: 170,
    cell: ({ kind }) => notificationKinds[kind].title,
  },
  {
    id: "status",
    title: "Status",
    width: 110,
    minWidth: 104,
    cell: (row) => <Badge tone={notificationStatus(row).tone}>{notificationStatus(row).title}</Badge>,
  },
  { id: "time", title: "Time", sort: "lastAt", width: 110, cell: ({ lastAt }) => <Time at={lastAt} /> },
  {
    id: "actions",
    title: "Actions",
    width: 140,
    isActions: true,
    cell: (row) => (
      <Button
        variant="quiet"
        class="h-7"
        about={notificationTitle(row)}
        onClick={() => void markNotification(row.id, !row.isRead)}
      >
        {row.isRead ? "Mark as unread" : "Mark as read"}
      </Button>
    ),
  },
];

/** What it says. It leads to what it is about, and is read then. */
function Title(props: { row: Notification }) {
  const repetition = () => describeRepetition(props.row);
  return (
    <A
      href={notificationHref(props.row)}
      class={`hover:underline ${props.row.isRead ? "font-normal text-muted" : "font-semibold"}`}
      title={notificationTitle(props.row)}
      onClick={() => props.row.isRead || void markNotification(props.row.id, true)}
    >
      <Show when={!props.row.isRead}>
        <span class="mr-1.5 inline-block size-2 rounded-full bg-accent" aria-hidden="true" />
        <span class="sr-only">Unread:</span>
        {" "}
      </Show>
      {notificationTitle(props.row)}
      <Show when={repetition()}>
        {(text) => <span class="font-normal text-muted">{` · ${text()}`}</span>}
      </Show>
    </A>
  );
}

export function Notifications() {
  const list = useList("notifications", { filters, exportPath: null, defaultSort: "-lastAt" });
  const unread = useApiQuery("notifications", "unread", () => undefined);
  const count = () => unread.data?.count ?? 0;
  return (
    <Page
      title="Notifications"
      state={unread.data && `${count()}${unread.data.isMore ? "+" : ""} unread · kept for 90 days`}
      actions={
        <>
          <ButtonLink href={addresses.notificationSettings()}>Settings</ButtonLink>
          <Button
            disabledReason={count() === 0 ? "You have read all notifications." : null}
            onClick={() => void markAllRead()}
          >
            Mark all as read
          </Button>
        </>
      }
    >
      <List
        {...list}
        one="notification"
        many="notifications"
        columns={columns}
        empty={
          <Empty title="No notifications">
            Alerts, anomalies, failed jobs, and sign-ins to your account from a new browser appear here.
          </Empty>
        }
      />
    </Page>
  );
}
