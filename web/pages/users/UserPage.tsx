// The page of one user: details on the left; licenses, devices, sessions and history on the right.
import { Show } from "solid-js";
import { userChanges } from "../../../server/domain/accounts/inputs.ts";
import { RecentRequests } from "../../features/api_requests/RecentRequests.tsx";
import { missingRoleReason } from "../../features/account/session.ts";
import { PersonalDataMenu } from "../../features/data_protection/PersonalDataMenu.tsx";
import { detailPage } from "../../features/details/detail_page.tsx";
import { EditCard } from "../../features/details/EditCard.tsx";
import { DeviceList } from "../../features/devices/DeviceList.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { MetadataField } from "../../features/metadata/MetadataField.tsx";
import { NoteFields } from "../../features/tags/NoteFields.tsx";
import { MailList } from "../../features/mails/MailList.tsx";
import { UserState } from "../../features/users/UserState.tsx";
import { addresses } from "../../lib/addresses.ts";
import { formatCount } from "../../lib/format.ts";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { type Detail, DetailList } from "../../ui/DetailList.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { OffIcon, RestoreIcon } from "../../ui/icons.ts";
import { Menu, menuButtonClass } from "../../ui/Menu.tsx";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";
import { TwoColumns } from "../../ui/TwoColumns.tsx";
import { UserFields } from "./UserFields.tsx";
import { UserLicenses } from "./UserLicenses.tsx";
import { UserSessions } from "./UserSessions.tsx";

type User = Outputs["users"]["get"];

export const UserPage = detailPage("users", (user) => <UserDetails user={user()} />);

function UserDetails(props: { user: User }) {
  const id = props.user.id;
  const devices = useApiQuery("devices", "list", () => ({ userId: id, isActive: true, limit: 1 }));
  const sessions = useApiQuery("users", "sessions", () => ({ id }));
  return (
    <Page
      title={props.user.name}
      badges={<UserState disabledAt={props.user.disabledAt} />}
      back={{ href: addresses.users(), title: "Users" }}
      state={
        <Show when={devices.data && sessions.data}>
          {formatCount(props.user.licenses, "license")} on {formatCount(devices.data!.total, "device")}
          {" · "}
          {sessions.data!.length === 0
            ? "no active sessions"
            : formatCount(sessions.data!.length, "active session")}
        </Show>
      }
      actions={<Actions user={props.user} />}
    >
      <TwoColumns
        aside={
          <>
            <Card title="Details">
              <DetailList
                items={[
                  ["Email", <EmailAddress text={props.user.email} />],
                  ...(props.user.mailProblem
                    ? [["Last email", `not delivered: ${props.user.mailProblem}`] as Detail]
                    : []),
                  [
                    "Sign-in methods",
                    props.user.hasPassword ? "Password, magic link" : "Magic link only",
                  ],
                  ["Last sign-in", <Time at={props.user.lastSeenAt} />],
                  ["Created", <Time at={props.user.createdAt} />],
                  ...(props.user.disabledAt
                    ? [["Disabled", <Time at={props.user.disabledAt} />] as Detail]
                    : []),
                ]}
              />
            </Card>
            <EditCard
              form={{
                kind: "users",
                object: () => props.user,
                valuesOf: ({ name, email, notes, tags }) => ({ name, email, notes, tags }),
                schema: userChanges,
                draft: `user/${id}`,
              }}
            >
              {(form) => (
                <>
                  <UserFields form={form} />
                  <NoteFields form={form} />
                </>
              )}
            </EditCard>
            <EditCard
              title="Metadata"
              verb="Save metadata"
              form={{
                kind: "users",
                object: () => props.user,
                valuesOf: ({ metadata }) => ({ metadata }),
                schema: userChanges,
                draft: `user/${id}/metadata`,
              }}
            >
              {(form) => <MetadataField form={form} />}
            </EditCard>
          </>
        }
      >
        <Tabs
          label={props.user.name}
          tabs={[
            {
              id: "licenses",
              title: "Licenses",
              count: props.user.licenses,
              content: () => <UserLicenses user={props.user} />,
            },
            {
              id: "devices",
              title: "Devices",
              count: devices.data?.total,
              content: () => (
                <DeviceList
                  owner={{ userId: id }}
                  without={["customer"]}
                  empty={
                    <Empty title="No devices yet">Devices appear here after they sign in on them.</Empty>
                  }
                />
              ),
            },
            {
              id: "sessions",
              title: "Sessions",
              count: sessions.data?.length,
              content: () => <UserSessions userId={id} name={props.user.name} />,
            },
            {
              id: "emails",
              title: "Emails",
              content: () => (
                <Card flush>
                  <MailList about={{ userId: id }} email={props.user.email} />
                </Card>
              ),
            },
            {
              id: "requests",
              title: "API requests",
              content: () => (
                <Card flush>
                  <RecentRequests filter={{ userId: id }} />
                </Card>
              ),
            },
            {
              id: "history",
              title: "History",
              content: () => <Timeline filter={{ subjectKind: "user", subjectId: id }} />,
            },
          ]}
        />
      </TwoColumns>
    </Page>
  );
}

function EmailAddress(props: { text: string }) {
  return (
    <span class="inline-flex max-w-full items-center gap-1">
      <span class="min-w-0 break-words">{props.text}</span>
      <CopyButton text={props.text} label="the email address" />
    </span>
  );
}

function Actions(props: { user: User }) {
  const disabledReason = () =>
    missingRoleReason("manager") ?? (props.user.disabledAt ? "Enable the user first." : null);
  const setEnabled = async (verb: "enable" | "disable") => {
    const changed = await trpc.users[verb].mutate({ id: props.user.id });
    refresh();
    return changed;
  };
  const send = (purpose: "sign_in" | "password") =>
    void runWithToast(async () => {
      await trpc.users.sendLink.mutate({ id: props.user.id, purpose });
      refresh();
    }, `Link sent to ${props.user.email}. It expires in 1 hour and works once.`);
  return (
    <>
      <Menu
        label="Send sign-in link"
        class={menuButtonClass}
        items={[
          {
            title: "Magic link",
            hint: "Signs in without a password.",
            disabledReason: disabledReason(),
            run: () => send("sign_in"),
          },
          {
            title: props.user.hasPassword ? "Password reset link" : "Password setup link",
            hint: "Setting the password signs them out everywhere else.",
            disabledReason: disabledReason(),
            run: () => send("password"),
          },
        ]}
      >
        Send sign-in link
      </Menu>
      <PersonalDataMenu noun="users" object={props.user} />
      <Show
        when={!props.user.disabledAt}
        fallback={
          <Button
            variant="primary"
            disabledReason={missingRoleReason("manager")}
            onClick={() =>
              void runWithToast(
                () => setEnabled("enable"),
                `${props.user.name} enabled.`,
                () => setEnabled("disable"),
              )}
          >
            <RestoreIcon /> Enable
          </Button>
        }
      >
        <Button
          variant="danger"
          disabledReason={missingRoleReason("manager")}
          onClick={() =>
            void runWithToast(
              () => setEnabled("disable"),
              `${props.user.name} disabled and signed out everywhere.`,
              () => setEnabled("enable"),
            )}
        >
          <OffIcon /> Disable
        </Button>
      </Show>
    </>
  );
}
