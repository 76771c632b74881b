// The alerts: open ones first, then cleared ones.
import { type Accessor, createSignal, For, Show } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Time } from "../../ui/Time.tsx";

type Alerts = Outputs["alerts"]["list"];

/** Cleared alerts shown at first. */
const INITIAL_CLEARED = 5;

export function AlertList(
  props: { alerts: { data: Alerts | undefined; error: unknown; refetch(): unknown } },
) {
  const [areAll, setAreAll] = createSignal(false);
  return (
    <Card title="Alerts" hint="Emailed when raised and when resolved; see your notification settings" flush>
      <QueryBoundary query={props.alerts}>
        {(alerts: Accessor<Alerts>) => {
          const open = () =>
            alerts().filter(({ clearedAt }) =>
              clearedAt === null
            );
          const cleared = () => alerts().filter(({ clearedAt }) => clearedAt !== null);
          const hidden = () => areAll() ? 0 : Math.max(0, cleared().length - INITIAL_CLEARED);
          return (
            <>
              <Show when={open().length === 0}>
                <p class="border-b border-line px-4 py-3 text-sm text-muted last:border-0">
                  No open alerts.
                </p>
              </Show>
              <ul class="divide-y divide-line text-sm">
                <For each={[...open(), ...cleared().slice(0, cleared().length - hidden())]}>
                  {(alert) => <AlertLine alert={alert} />}
                </For>
              </ul>
              <Show when={hidden() > 0}>
                <div class="border-t border-line px-2 py-2">
                  <Button
                    variant="quiet"
                    onClick={() => setAreAll(true)}
                  >
                    Show {formatCount(hidden(), "earlier alert")}
                  </Button>
                </div>
              </Show>
            </>
          );
        }}
      </QueryBoundary>
    </Card>
  );
}

function AlertLine(props: { alert: Alerts[number] }) {
  const word = () =>
    props.alert.clearedAt ? "Resolved" : props.alert.severity === "critical" ? "Critical" : "Warning";
  return (
    <li class="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
      <Badge tone={props.alert.clearedAt ? "off" : props.alert.severity === "critical" ? "bad" : "warn"}>
        {word()}
      </Badge>
      <span class="min-w-0 flex-1 basis-48 break-words">{props.alert.message}</span>
      <span class="text-xs text-muted">
        <Show
          when={props.alert.clearedAt}
          fallback={
            <>
              started <Time at={props.alert.raisedAt} />
            </>
          }
        >
          started <Time at={props.alert.raisedAt} />, resolved <Time at={props.alert.clearedAt} />
        </Show>
      </span>
    </li>
  );
}
