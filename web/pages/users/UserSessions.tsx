// The sessions of a user, which can be ended.
import { For, Show } from "solid-js";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { SignOutIcon } from "../../ui/icons.ts";
import { Time } from "../../ui/Time.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";

type Session = Outputs["users"]["sessions"][number];

const sessionDevice = ({ machineName, deviceId }: Session) => machineName ?? deviceId ?? "Browser or app";

export function UserSessions(props: { userId: number; name: string }) {
  const sessions = useApiQuery("users", "sessions", () => ({ id: props.userId }), {
    refetchInterval: 60_000,
  });
  const end = (session: Session) =>
    void runWithToast(async () => {
      await trpc.users.endSession.mutate({ id: props.userId, sessionId: session.id });
      refresh();
    }, `${props.name} signed out on ${sessionDevice(session)}.`);
  const endAll = () =>
    void runWithToast(async () => {
      await trpc.users.signOut.mutate({ id: props.userId });
      refresh();
    }, `${props.name} signed out everywhere.`);
  return (
    <Card
      flush
      title="Active sessions"
      actions={
        <Button
          disabledReason={missingRoleReason("manager") ??
            (sessions.data?.length ? null : "No active sessions.")}
          onClick={endAll}
        >
          <SignOutIcon /> Sign out everywhere
        </Button>
      }
    >
      <QueryBoundary query={sessions}>
        {(rows) => (
          <Show
            when={rows().length > 0}
            fallback={<Empty title="No active sessions">Sessions appear here after the user signs in.</Empty>}
          >
            <ul class="divide-y divide-line text-sm">
              <For each={rows()}>
                {(session, index) => (
                  <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                    <span class="min-w-0 flex-1 basis-48">
                      <span class="block truncate font-medium">{sessionDevice(session)}</span>
                      <Show when={session.machineName}>
                        <span class="block truncate font-mono text-xs text-muted">{session.deviceId}</span>
                      </Show>
                    </span>
                    <span class="text-muted">
                      started <Time at={session.signedInAt} />
                    </span>
                    <span class="text-muted">
                      last renewed <Time at={session.refreshedAt} />
                    </span>
                    <Button
                      variant="quiet"
                      disabledReason={missingRoleReason("manager")}
                      label={`Sign out on ${sessionDevice(session)}, session ${index() + 1}`}
                      onClick={() => end(session)}
                    >
                      <SignOutIcon />
                    </Button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </QueryBoundary>
    </Card>
  );
}
