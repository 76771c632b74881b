// The administrator's sessions, which can be ended.
import { createMemo, For, Show } from "solid-js";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { describeUserAgent } from "../../lib/user_agents.ts";
import { formatCount } from "../../lib/format.ts";
import { trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Time } from "../../ui/Time.tsx";
import { runWithToast, toast, toastError } from "../../ui/Toasts.tsx";

export function Sessions() {
  const sessions = useApiQuery("account", "sessions", () => undefined);
  const shown = createMemo(() => sessions.data?.filter(({ kind }) => kind === "session") ?? []);
  async function end(id: number, name: string): Promise<void> {
    await runWithToast(() => trpc.account.endSession.mutate({ id }), `${name} signed out.`);
    refresh("account");
  }
  async function endOthers(): Promise<void> {
    try {
      const ended = await trpc.account.endOtherSessions.mutate();
      toast(`${formatCount(ended, "session")} signed out.`);
    } catch (error) {
      toastError(error);
    }
    refresh("account");
  }
  return (
    <Card
      title="Active sessions"
      actions={
        <Button
          onClick={() => void endOthers()}
          disabledReason={shown().length > 1 ? null : "No other active sessions."}
        >
          Sign out other sessions
        </Button>
      }
    >
      <QueryBoundary query={sessions}>
        {() => (
          <ul class="-my-2 divide-y divide-line text-sm">
            <For each={shown()}>
              {(session, index) => {
                const name = describeUserAgent(session.name);
                return (
                  <li class="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
                    <span
                      class="flex min-w-0 flex-1 basis-48 items-center gap-2 font-medium"
                      title={session.name}
                    >
                      <span class="min-w-0 truncate">{name}</span>
                      <Show when={session.isThis}>
                        <Badge tone="good">This device</Badge>
                      </Show>
                    </span>
                    <Show when={session.ip}>
                      <span class="font-mono text-xs text-muted">{session.ip}</span>
                    </Show>
                    <span class="text-muted">
                      last seen <Time at={session.lastSeenAt} />
                    </span>
                    <Show when={!session.isThis}>
                      <Button
                        variant="quiet"
                        about={`session ${index() + 1}: ${name}`}
                        onClick={() => void end(session.id, name)}
                      >
                        Sign out
                      </Button>
                    </Show>
                  </li>
                );
              }}
            </For>
          </ul>
        )}
      </QueryBoundary>
    </Card>
  );
}
