// The dialog that delivers all events since a time again, after showing how many there are.
import { createSignal, Show } from "solid-js";
import { refresh, useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { formatCount, formatTotal } from "../../lib/format.ts";
import { fromLocalTime, shownTimeZone, toLocalTime } from "../../lib/time_format.ts";
import { ActionDialog } from "../../ui/ActionDialog.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";
import { toast } from "../../ui/Toasts.tsx";
import type { Webhook } from "./webhook_labels.ts";

/** Rendered while it is open: the time starts at an hour before the opening. */
export function ReplayDialog(props: { webhook: Webhook; close(): void }) {
  const [typed, setTyped] = createSignal(toLocalTime(new Date(Date.now() - 3_600_000)));
  const since = () => fromLocalTime(typed())?.toISOString() ?? null;
  const count = useApiQuery("webhooks", "countReplay", () => {
    const from = since();
    return from ? { id: props.webhook.id, since: from } : null;
  }, { keepPrevious: true });
  const replay = useApiMutation("webhooks", "replay");
  async function run(): Promise<void> {
    const from = since();
    if (!from) return;
    try {
      const due = await replay.run({ id: props.webhook.id, since: from });
      props.close();
      toast(`${formatCount(due, "delivery", "deliveries")} queued.`);
      refresh("webhooks");
    } catch {
      // The error is shown in the dialog.
    }
  }
  return (
    <ActionDialog
      title="Resend events"
      hint="Sends all subscribed events since a time again, with the same IDs."
      isOpen
      close={props.close}
      verb="Resend"
      run={run}
      isBusy={replay.isPending}
      error={replay.error}
      disabledReason={!since() ? "Select a time." : count.data?.total === 0 ? "No events to resend." : null}
    >
      <Field label="Since" hint={`Time zone: ${shownTimeZone()}. Endpoints can skip events by their ID.`}>
        {(parts) => (
          <input
            id={parts.id}
            type="datetime-local"
            class={inputClass}
            value={typed()}
            max={toLocalTime(new Date())}
            aria-describedby={parts.describedBy}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      <p class="text-sm" role="status">
        <Show when={since()} fallback="Select a time.">
          <Show when={count.data} fallback="Counting…">
            {(count) => (
              <>
                <strong class="font-medium">{formatTotal(count())}</strong>{" "}
                {count().total === 1 ? "event" : "events"} will be sent to this webhook.
              </>
            )}
          </Show>
        </Show>
      </p>
    </ActionDialog>
  );
}
