// The seats of a license that are in use now, by device where they count for each, and the queue for them.
import { For, Show } from "solid-js";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Button } from "../../ui/Button.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";
import { emptyValue, formatCount, formatNumber } from "../../lib/format.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Time } from "../../ui/Time.tsx";
import type { License } from "./license_actions.ts";

export function LicenseSeats(props: { license: License }) {
  return (
    <div class="grid gap-4">
      <SeatsInUse license={props.license} />
      <SeatQueue license={props.license} />
    </div>
  );
}

type QueuedApp = Outputs["sessions"]["queue"]["rows"][number];

/** Those who wait for a seat; nothing where none does. */
function SeatQueue(props: { license: License }) {
  // A ticket expires without an event.
  const queue = useApiQuery("sessions", "queue", () => ({ licenseId: props.license.id }), {
    keepPrevious: true,
    refetchInterval: 10_000,
  });
  return (
    <Show when={queue.data && queue.data.total > 0 && queue.data}>
      {(waiting) => (
        <Card title={`Queue: ${formatCount(waiting().total, "app")}`} flush>
          <ul class="divide-y divide-line text-sm">
            <For each={waiting().rows}>
              {(app) => (
                <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                  <span class="text-muted">{app.position}.</span>
                  <span class="min-w-0 flex-1 truncate font-medium">{app.machineName ?? emptyValue}</span>
                  <span class="text-muted">
                    waiting since <Time at={app.queuedAt} />
                  </span>
                  <span class="text-muted">
                    last seen <Time at={app.lastHeartbeat} />
                  </span>
                  <Button
                    disabledReason={missingRoleReason("manager")}
                    onClick={() => remove(app)}
                  >
                    Remove from queue
                  </Button>
                </li>
              )}
            </For>
          </ul>
        </Card>
      )}
    </Show>
  );
}

function remove({ id, licenseId, machineName }: QueuedApp): void {
  void runWithToast(async () => {
    await trpc.sessions.removeTicket.mutate({ id, licenseId });
    refresh();
  }, `${machineName ?? "An unnamed device"} removed from the queue.`);
}

type Seat = Outputs["sessions"]["list"]["rows"][number];

function SeatsInUse(props: { license: License }) {
  // A seat expires without an event.
  const seats = useApiQuery("sessions", "list", () => ({ licenseId: props.license.id, limit: 200 }), {
    keepPrevious: true,
    refetchInterval: 30_000,
  });
  return (
    <QueryBoundary query={seats}>
      {(page) => (
        <Show when={page().rows.length > 0} fallback={<NoSeats maxUsers={props.license.maxUsers} />}>
          <Show
            when={props.license.seatScope === "machine"}
            fallback={
              <Card flush>
                <Seats rows={page().rows} isNamed />
              </Card>
            }
          >
            <For each={byDevice(page().rows)}>
              {(rows) => (
                <Card
                  title={rows[0].machineName ?? emptyValue}
                  hint={`${formatNumber(rows.length)} of ${
                    formatCount(props.license.maxUsers, "concurrent user")
                  } on this device`}
                  flush
                >
                  <Seats rows={rows} />
                </Card>
              )}
            </For>
          </Show>
        </Show>
      )}
    </QueryBoundary>
  );
}

function NoSeats(props: { maxUsers: number }) {
  return (
    <Card flush>
      <Empty title="No active sessions">
        Sessions appear when an app starts and end when it quits or stops sending heartbeats. Limit:{" "}
        {formatCount(props.maxUsers, "concurrent user")}.
      </Empty>
    </Card>
  );
}

/** The seats of each device, in the order of the list. */
function byDevice(rows: Seat[]): Seat[][] {
  return [...Map.groupBy(rows, ({ activationId }) => activationId).values()];
}

function Seats(props: { rows: Seat[]; isNamed?: boolean }) {
  return (
    <ul class="divide-y divide-line text-sm">
      <For each={props.rows}>
        {(seat) => (
          <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
            <Show when={props.isNamed}>
              <span class="min-w-0 flex-1 truncate font-medium">{seat.machineName ?? emptyValue}</span>
            </Show>
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
  );
}
