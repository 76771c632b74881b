// The seats of a license that are in use now.
import { For, Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import { emptyValue, formatCount } from "../../lib/format.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Time } from "../../ui/Time.tsx";
import type { License } from "./license_actions.ts";

export function LicenseSeats(props: { license: License }) {
  // A seat expires without an event.
  const seats = useApiQuery("sessions", "list", () => ({ licenseId: props.license.id, limit: 200 }), {
    keepPrevious: true,
    refetchInterval: 30_000,
  });
  return (
    <Card flush>
      <QueryBoundary query={seats}>
        {(page) => (
          <Show
            when={page().rows.length > 0}
            fallback={
              <Empty title="No active sessions">
                Sessions appear when an app starts and end when it quits or stops sending heartbeats. Limit:
                {" "}
                {formatCount(props.license.maxUsers, "concurrent user")}.
              </Empty>
            }
          >
            <ul class="divide-y divide-line text-sm">
              <For each={page().rows}>
                {(seat) => (
                  <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                    <span class="min-w-0 flex-1 truncate font-medium">{seat.machineName ?? emptyValue}</span>
                    <span class="text-muted">
                      started <Time at={seat.startedAt} />
                    </span>
                    <span class="text-muted">
                      last seen <Time at={seat.lastHeartbeat} />
                    </span>
                    <span class="text-muted">
                      expires <Time at={seat.expiresAt} />
                    </span>
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
