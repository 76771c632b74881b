// The dialog that delivers all events since a time again, after showing how many there are.
import { createSignal, Show } from "solid-js";
import { refresh, useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { formatCount, formatTotal } from "../../lib/format.ts";
import { ActionDialog } from "../../ui/ActionDialog.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";
import { toast } from "../../ui/Toasts.tsx";
import type { Webhook } from "./webhook_labels.ts";

/** The value of a datetime-local input: local time, to the minute. */
function localTime(instant: Date): string {
  const shifted = new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** Rendered while it is open: the time starts at an hour before the opening. */
export function ReplayDialog(props: { webhook: Webhook; close(): void }) {
  const [typed, setTyped] = createSignal(localTime(new Date(Date.now() - 3_600_000)));
  const since = () => {
    const at = new Date(typed());
    return typed() === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
  };
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
      toast(`${formatCount(due, "delivery", "deliveries")} on the way.`);
      refresh("webhooks");
    } catch {
      // The error is shown in the dialog.
    }
  }
  return (
    <ActionDialog
      title="Replay since a time"
      hint="What happened since then, of the events it hears of, is delivered again under the same ids."
      isOpen
      close={props.close}
      verb="Replay"
      run={run}
      isBusy={replay.isPending}
      error={replay.error}
      disabledReason={!since()
        ? "Say since when."
        : count.data?.total === 0
        ? "There is nothing to send."
        : null}
    >
      <Field label="Since" hint="In your own time. Receivers that keep the ids know what they have had.">
        {(parts) => (
          <input
            id={parts.id}
            type="datetime-local"
            class={inputClass}
            value={typed()}
            max={localTime(new Date())}
            aria-describedby={parts.describedBy}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      <p class="text-sm" role="status">
        <Show when={since()} fallback="Say since when.">
          <Show when={count.data} fallback="Counting …">
            {(count) => (
              <>
                <strong class="font-medium">{formatTotal(count())}</strong>{" "}
                {count().total === 1 ? "event is" : "events are"} delivered to this webhook.
              </>
            )}
          </Show>
        </Show>
      </p>
    </ActionDialog>
  );
}
