// The drawer with one delivery: its state, body and attempts.
import { createEffect, createSignal, For, Show } from "solid-js";
import { useAddressState } from "../../lib/address_state.ts";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { formatCount } from "../../lib/format.ts";
import { trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Code, CodeBlock } from "../../ui/Code.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { CopyIcon, RefreshIcon } from "../../ui/icons.ts";
import { Time } from "../../ui/Time.tsx";
import { runWithToast, toast } from "../../ui/Toasts.tsx";
import { AttemptDetails } from "./AttemptDetails.tsx";
import { CompareAttempts } from "./CompareAttempts.tsx";
import { curlOf } from "./curl.ts";
import { type Delivery, deliveryStates, deliveryTitle, type Webhook } from "./webhook_labels.ts";

/** The refetch intervals while it is pending and otherwise; milliseconds. */
const PENDING_REFETCH_MS = 1000;
const REFETCH_MS = 15_000;

export function DeliveryDrawer(props: { id: number; webhook: Webhook; close(): void }) {
  const [interval, setRefetchInterval] = createSignal(PENDING_REFETCH_MS);
  const delivery = useApiQuery("webhooks", "delivery", () => ({ id: props.id }), {
    get refetchInterval() {
      return interval();
    },
  });
  createEffect(() => {
    const { state, dueAt } = delivery.data ?? { state: "waiting", dueAt: null };
    const isNear = dueAt === null || Date.parse(dueAt) - Date.now() < 60_000;
    setRefetchInterval(state === "waiting" && isNear ? PENDING_REFETCH_MS : REFETCH_MS);
  });
  return (
    <Dialog
      variant="drawer"
      title={delivery.data?.eventType ?? "Delivery"}
      hint={delivery.data && (
        <span class="flex flex-wrap items-center gap-x-2">
          Created <Time at={delivery.data.occurredAt} />
          <Code text={delivery.data.eventUid} label="the event ID" short />
        </span>
      )}
      isOpen
      close={props.close}
    >
      <QueryBoundary query={delivery} lines={8}>
        {(delivery) => <DeliveryDetails delivery={delivery()} webhook={props.webhook} />}
      </QueryBoundary>
    </Dialog>
  );
}

function DeliveryDetails(props: { delivery: Delivery; webhook: Webhook }) {
  const [open, setOpen] = useAddressState({ compare: undefined as string | undefined });
  const attempts = () => props.delivery.attempts;
  const last = () => attempts().findLast(({ url }) => url !== null);
  async function copyCurl(): Promise<void> {
    await navigator.clipboard.writeText(curlOf(last()!, props.delivery.body));
    toast("Copied. The signature is from the last attempt; most endpoints accept it for 5 minutes.");
  }
  const replay = () =>
    runWithToast(async () => {
      await trpc.webhooks.replayDelivery.mutate({ id: props.delivery.id });
      refresh("webhooks");
    }, `${props.delivery.eventType} resent with the same ID.`);
  return (
    <div class="flex flex-col gap-5">
      <div class="flex flex-wrap items-center gap-2">
        <Badge tone={deliveryStates[props.delivery.state].tone}>
          {deliveryTitle(props.delivery)}
        </Badge>
        <p class="min-w-0 text-sm" role="status">
          <DeliveryStatus delivery={props.delivery} isEnabled={props.webhook.isActive} />
        </p>
      </div>
      <div class="flex flex-wrap gap-2">
        <Button
          disabledReason={props.webhook.isActive ? null : "Enable the webhook first."}
          onClick={replay}
        >
          <RefreshIcon /> Resend
        </Button>
        <Button disabledReason={last() ? null : "No request sent yet."} onClick={() => void copyCurl()}>
          <CopyIcon /> Copy as curl
        </Button>
        <Show when={attempts().length > 1}>
          <Button
            aria-pressed={open.compare !== undefined}
            onClick={() =>
              setOpen({
                compare: open.compare === undefined
                  ? `${attempts().at(-2)!.id}-${attempts().at(-1)!.id}`
                  : undefined,
              }, { replace: true })}
          >
            {open.compare === undefined ? "Compare attempts" : "Stop comparing"}
          </Button>
        </Show>
      </div>
      <Show when={open.compare !== undefined && attempts().length > 1}>
        <CompareAttempts
          attempts={attempts()}
          pair={open.compare!}
          choose={(compare) => setOpen({ compare }, { replace: true })}
        />
      </Show>
      <section class="flex flex-col gap-2">
        <h3 class="text-sm font-semibold">Body</h3>
        <CodeBlock text={readable(props.delivery.body)} label="the formatted body" />
        <details class="text-sm">
          <summary class="w-fit text-muted hover:text-ink">Raw body</summary>
          <div class="mt-2">
            <CodeBlock text={props.delivery.body} label="the raw body" />
          </div>
        </details>
      </section>
      <section class="flex flex-col gap-2">
        <h3 class="text-sm font-semibold">
          {attempts().length === 0 ? "Attempts" : formatCount(attempts().length, "attempt")}
        </h3>
        <Show when={attempts().length > 0} fallback={<p class="text-sm text-muted">No attempts yet.</p>}>
          <ol class="flex flex-col gap-2">
            <For each={attempts().toReversed()}>
              {(attempt, index) => (
                <AttemptDetails
                  attempt={attempt}
                  number={attempts().length - index()}
                  isOpen={index() === 0}
                  body={props.delivery.body}
                />
              )}
            </For>
          </ol>
        </Show>
      </section>
    </div>
  );
}

function DeliveryStatus(props: { delivery: Delivery; isEnabled: boolean }) {
  return (
    <>
      <Show when={props.delivery.state === "delivered"}>
        Delivered <Time at={props.delivery.deliveredAt} />.
      </Show>
      <Show when={props.delivery.state === "failed"}>
        Failed after {formatCount(props.delivery.attempts.length, "attempt")}.
      </Show>
      <Show when={props.delivery.state === "waiting"}>
        <Show when={props.isEnabled} fallback="Waiting until the webhook is enabled.">
          <Show when={props.delivery.tries > 0} fallback="Sending…">
            {formatCount(props.delivery.tries, "attempt")}, retrying <Time at={props.delivery.dueAt} />
          </Show>
        </Show>
      </Show>
    </>
  );
}

/** Indented JSON. */
function readable(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2);
}
