// One user: facts at the left; licenses, devices, sign-ins and history at the right.
import { useParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { userChanges } from "../../../server/domain/accounts/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { refresh, useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { formatCount } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { OffIcon, RestoreIcon } from "../../ui/icons.ts";
import { Menu, menuButtonClass } from "../../ui/Menu.tsx";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { runWithToast, toast } from "../../ui/Toasts.tsx";
import { createDeviceQuery, DeviceList } from "../../features/devices/DeviceList.tsx";
import { UserFields } from "./UserFields.tsx";
import { UserLicenses } from "./UserLicenses.tsx";
import { UserSessions } from "./UserSessions.tsx";
import { UserState } from "../../features/users/UserState.tsx";

type User = Outputs["users"]["get"];

export function UserPage() {
  const params = useParams<{ id: string }>();
  const user = useApiQuery("users", "get", () => ({ id: Number(params.id) }));
  return <QueryBoundary query={user} lines={6}>{(user) => <Found user={user()} />}</QueryBoundary>;
}

function Found(props: { user: User }) {
  const id = props.user.id;
  const devices = useApiQuery("devices", "list", () => ({ userId: id, isActive: true, limit: 1 }));
  const sessions = useApiQuery("users", "sessions", () => ({ id }));
  return (
    <Page
      title={props.user.name}
      heading={
        <span class="inline-flex flex-wrap items-center gap-2">
          {props.user.name}
          <UserState disabledAt={props.user.disabledAt} />
        </span>
      }
      back={{ href: addresses.users(), title: "Users" }}
      state={
        <Show when={devices.data && sessions.data}>
          {formatCount(props.user.licenses, "license")} on {formatCount(devices.data!.total, "device")},{" "}
          {sessions.data!.length === 0
            ? "signed in nowhere"
            : formatCount(sessions.data!.length, "open sign-in")}
        </Show>
      }
      actions={<Actions user={props.user} />}
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
        <div class="flex flex-col gap-4">
          <Card title="Facts">
            <DetailList
              items={[
                ["Address", <Address text={props.user.email} />],
                [
                  "Signs in with",
                  props.user.hasPassword ? "password, or a link by mail" : "links by mail only",
                ],
                ["Last sign-in", <Time at={props.user.lastSeenAt} />],
                ["User since", <Time at={props.user.createdAt} />],
                ...(props.user.disabledAt
                  ? [["Switched off", <Time at={props.user.disabledAt} />] as [string, JSX.Element]]
                  : []),
              ]}
            />
          </Card>
          <Edit user={props.user} />
        </div>
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
                  query={createDeviceQuery({ userId: id }, "devices of user")}
                  without={["customer"]}
                  empty={<Empty title="No devices yet">Their machines appear here as they sign in.</Empty>}
                />
              ),
            },
            {
              id: "sessions",
              title: "Signed in",
              count: sessions.data?.length,
              content: () => <UserSessions userId={id} name={props.user.name} />,
            },
            {
              id: "history",
              title: "History",
              content: () => <Timeline of={{ subjectKind: "user", subjectId: id }} />,
            },
          ]}
        />
      </div>
    </Page>
  );
}

function Address(props: { text: string }) {
  return (
    <span class="inline-flex max-w-full items-center gap-1">
      <span class="min-w-0 break-words">{props.text}</span>
      <CopyButton text={props.text} label="the address" />
    </span>
  );
}

function Actions(props: { user: User }) {
  const disabledReason = () =>
    missingRoleReason("manager") ?? (props.user.disabledAt ? "Switch them on first." : null);
  const turn = async (verb: "switchOn" | "switchOff") => {
    await trpc.users[verb].mutate({ id: props.user.id });
    refresh();
  };
  const send = (purpose: "sign_in" | "password") =>
    void runWithToast(async () => {
      await trpc.users.sendLink.mutate({ id: props.user.id, purpose });
      refresh();
    }, `A link is on its way to ${props.user.email}. It is good for one hour and one use.`);
  return (
    <>
      <Menu
        label="Send a link by mail"
        class={menuButtonClass}
        items={[
          {
            title: "To sign in",
            hint: "Opens their account without a password.",
            disabledReason: disabledReason(),
            run: () => send("sign_in"),
          },
          {
            title: props.user.hasPassword ? "To choose a new password" : "To choose a password",
            hint: "Signs them out everywhere else once they have.",
            disabledReason: disabledReason(),
            run: () => send("password"),
          },
        ]}
      >
        Send a link
      </Menu>
      <Show
        when={!props.user.disabledAt}
        fallback={
          <Button
            variant="primary"
            disabledReason={missingRoleReason("manager")}
            onClick={() =>
              void runWithToast(
                () => turn("switchOn"),
                `${props.user.name} may sign in again.`,
                () => turn("switchOff"),
              )}
          >
            <RestoreIcon /> Switch on
          </Button>
        }
      >
        <Button
          variant="danger"
          disabledReason={missingRoleReason("manager")}
          onClick={() =>
            void runWithToast(
              () => turn("switchOff"),
              `${props.user.name} is switched off, and signed out everywhere.`,
              () => turn("switchOn"),
            )}
        >
          <OffIcon /> Switch off
        </Button>
      </Show>
    </>
  );
}

function Edit(props: { user: User }) {
  const edit = useApiMutation("users", "edit");
  const form = createForm({
    schema: userChanges,
    start: { name: props.user.name, email: props.user.email },
    draft: `user/${props.user.id}`,
    save: (changes) => edit.run({ id: props.user.id, changes }),
    saved: () => toast("Saved."),
  });
  return (
    <Card title="Details">
      <FormLayout
        form={form}
        verb="Save"
        disabledReason={missingRoleReason("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
      >
        <UserFields form={form} />
      </FormLayout>
    </Card>
  );
}
