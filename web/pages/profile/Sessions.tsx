// Where one is signed in: this browser, and others that can be shut out.
import { createMemo, For, Show } from "solid-js";
import { refresh, useAnswer } from "../../lib/answers.ts";
import { describeBrowser } from "../../lib/browser_names.ts";
import { formatCount } from "../../lib/format.ts";
import { trpc } from "../../lib/trpc.ts";
import { Answered } from "../../ui/Answered.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Time } from "../../ui/Time.tsx";
import { doAndTell, tell, tellRefusal } from "../../ui/Toasts.tsx";

export function Sessions() {
  const sessions = useAnswer("account", "sessions", () => undefined);
  const shown = createMemo(() => sessions.data?.filter(({ kind }) => kind === "session") ?? []);
  async function end(id: number, name: string): Promise<void> {
    await doAndTell(() => trpc.account.endSession.mutate({ id }), `${name} is signed out.`);
    refresh("account");
  }
  async function endOthers(): Promise<void> {
    try {
      const ended = await trpc.account.endOtherSessions.mutate();
      tell(`${formatCount(ended, "session is", "sessions are")} ended.`);
    } catch (error) {
      tellRefusal(error);
    }
    refresh("account");
  }
  return (
    <Card
      title="Where you are signed in"
      actions={
        <Button
          onClick={() => void endOthers()}
          why={shown().length > 1 ? null : "You are signed in nowhere else."}
        >
          End all others
        </Button>
      }
    >
      <Answered of={sessions}>
        {() => (
          <ul class="-my-2 divide-y divide-line text-sm">
            <For each={shown()}>
              {(session) => {
                const name = describeBrowser(session.name);
                return (
                  <li class="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
                    <span
                      class="flex min-w-0 flex-1 basis-48 items-center gap-2 font-medium"
                      title={session.name}
                    >
                      <span class="min-w-0 truncate">{name}</span>
                      <Show when={session.isThis}>
                        <Badge tone="good">This one</Badge>
                      </Show>
                    </span>
                    <Show when={session.ip}>
                      <span class="font-mono text-xs text-muted">{session.ip}</span>
                    </Show>
                    <span class="text-muted">
                      seen <Time at={session.lastSeenAt} />
                    </span>
                    <Show when={!session.isThis}>
                      <Button look="quiet" onClick={() => void end(session.id, name)}>End</Button>
                    </Show>
                  </li>
                );
              }}
            </For>
          </ul>
        )}
      </Answered>
    </Card>
  );
}
