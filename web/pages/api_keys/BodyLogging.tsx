// Logging the bodies of an API key's requests, for a day at most: until when, and turning it on and off.
import { Show } from "solid-js";
import { refresh } from "../../lib/queries.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Time } from "../../ui/Time.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";

type ApiKey = Outputs["apiKeys"]["list"]["rows"][number];

const HOURS = 24;

export function BodyLogging(props: { apiKey: ApiKey }) {
  const until = () => {
    const { bodiesUntil } = props.apiKey;
    return bodiesUntil !== null && new Date(bodiesUntil) > new Date() ? bodiesUntil : null;
  };
  const set = (hours: number) => async () => {
    await trpc.apiKeys.logBodies.mutate({ id: props.apiKey.id, hours });
    refresh("apiKeys");
    return true;
  };
  const start = () =>
    void runWithToast(
      set(HOURS),
      `Request bodies of ${props.apiKey.name} are logged for ${HOURS} hours, with secrets masked.`,
      set(0),
    );
  const stop = () =>
    void runWithToast(set(0), `Request bodies of ${props.apiKey.name} are no longer logged.`, set(HOURS));
  return (
    <Show when={props.apiKey.revokedAt === null}>
      <Show
        when={until()}
        fallback={<Button about={props.apiKey.name} onClick={start}>Log bodies</Button>}
      >
        {(at) => (
          <span class="inline-flex items-center gap-1.5">
            <Button about={props.apiKey.name} onClick={stop}>Stop</Button>
            <span>
              until <Time at={at()} />
            </span>
          </span>
        )}
      </Show>
    </Show>
  );
}
