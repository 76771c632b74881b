// The dialog that changes many licenses: it previews the change, runs it in chunks, and can be stopped and undone.
import { createEffect, createSignal, on, Show } from "solid-js";
import { refresh } from "../../../lib/queries.ts";
import { formatCount } from "../../../lib/format.ts";
import { fromLocalTime, shownTimeZone } from "../../../lib/time_format.ts";
import { type ApiError, toApiError } from "../../../lib/api_error.ts";
import { trpc } from "../../../lib/trpc.ts";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { DurationInput } from "../../../ui/DurationInput.tsx";
import { Field, inputClass } from "../../../ui/Field.tsx";
import { Failure } from "../../../ui/Failure.tsx";
import { Skeleton } from "../../../ui/Skeleton.tsx";
import { Progress } from "../../../ui/Progress.tsx";
import { Picker } from "../../../ui/Picker.tsx";
import type { Choice } from "../../../ui/list/list.ts";
import { toast } from "../../../ui/Toasts.tsx";
import { customerSearch } from "../../pickers/searches.ts";
import {
  actionLabels,
  type BulkAction,
  type BulkRequest,
  changeInChunks,
  describeResult,
  noChange,
  type Preview,
  undoChange,
} from "./bulk.ts";
import { BulkPreview } from "./BulkPreview.tsx";

export function BulkDialog(
  props: {
    action: BulkAction | null;
    ids: number[];
    /** The customer whose licenses they are. */
    customerId?: number;
    close(): void;
    done?(): void;
  },
) {
  return (
    <Show when={props.action} keyed>
      {(action) => (
        <OpenDialog
          action={action}
          ids={[...props.ids]}
          customerId={props.customerId}
          close={props.close}
          done={props.done}
        />
      )}
    </Show>
  );
}

/** Whether a duration has a number. The field may be empty while it is edited. */
const isComplete = (duration: string) => /^P[1-9]\d{0,3}[DMY]$/.test(duration);

function OpenDialog(
  props: { action: BulkAction; ids: number[]; customerId?: number; close(): void; done?(): void },
) {
  const { action, ids, customerId } = props;
  const [by, setBy] = createSignal("P1Y");
  const [reason, setReason] = createSignal("");
  const [later, setLater] = createSignal("");
  const [customer, setCustomer] = createSignal<Choice | null>(null);
  const [doneCount, setDoneCount] = createSignal<number | null>(null);
  const [isStopped, setIsStopped] = createSignal(false);
  const [refused, setRefused] = createSignal<ApiError | null>(null);
  /** What is asked for; null while it is not complete. */
  const request = (): BulkRequest | null => {
    if (action === "extend") return isComplete(by()) ? { action, by: by() } : null;
    if (action === "enable" || action === "disable") {
      const at = fromLocalTime(later())?.toISOString();
      return { action, at, reason: action === "disable" && reason().trim() ? reason().trim() : undefined };
    }
    if (action !== "transfer") return { action };
    const chosen = customer();
    return chosen && { action, customerId: chosen.id, fromCustomerId: customerId };
  };
  const [preview, setPreview] = createSignal<Preview | null>(null);
  const [isLoading, setIsLoading] = createSignal(false);
  let latestAttempt = 0;
  // A resource would replace the page by a placeholder, and take the focus away, until the preview is loaded.
  async function loadPreview(): Promise<void> {
    const attempt = ++latestAttempt;
    const isLatest = () => attempt === latestAttempt;
    const asked = request();
    if (!asked) return;
    setIsLoading(true);
    try {
      const loaded = await trpc.licenses.preview.mutate({ licenseIds: ids, ...asked });
      if (isLatest()) setPreview(loaded);
    } catch (error) {
      if (!isLatest()) return;
      setPreview(null);
      setRefused(toApiError(error));
    } finally {
      if (isLatest()) setIsLoading(false);
    }
  }
  createEffect(on(request, () => {
    setRefused(null);
    void loadPreview();
  }));
  const isWorking = () => doneCount() !== null;

  async function run(request: BulkRequest): Promise<void> {
    const done = noChange(action);
    setIsStopped(false);
    setRefused(null);
    setDoneCount(0);
    let failure: ApiError | null = null;
    try {
      await changeInChunks(done, ids, request, { onProgress: setDoneCount, isStopped });
    } catch (error) {
      failure = toApiError(error);
    }
    setDoneCount(null);
    refresh();
    const undo = done.ids.length === 0 ? undefined : async () => {
      await undoChange(done);
      refresh();
    };
    toast(`${describeResult(done)}${isStopped() ? " Stopped; the rest is unchanged." : ""}`, { undo });
    if (failure) {
      setRefused({
        ...failure,
        message: `${failure.message} ${describeResult(done)} The rest is unchanged.`,
      });
      void loadPreview();
      return;
    }
    props.done?.();
    props.close();
  }

  const disabledReason = () => {
    if (action === "extend" && !isComplete(by())) return "Enter a number from 1 to 9999.";
    if (!request()) return "Select a customer.";
    if (isLoading()) return "Loading the preview…";
    return preview()?.changes === 0 ? "No licenses would change." : refused()?.message ?? null;
  };
  return (
    <Dialog
      isOpen
      stays={isWorking()}
      variant="wide"
      close={props.close}
      title={`${actionLabels[action].verb} ${formatCount(ids.length, "license")}`}
      hint={isWorking() ? "In progress. You can stop; completed changes are kept." : "Review changes"}
    >
      <div class="flex flex-col gap-4">
        <Show when={action === "extend"}>
          <DurationInput label="Extend by" value={by()} set={(by) => setBy(by!)} isDisabled={isWorking()} />
        </Show>
        <Show when={action === "disable"}>
          <Field label="Reason" hint="Optional, for administrators only.">
            {(parts) => (
              <input
                id={parts.id}
                class={inputClass}
                maxlength={500}
                value={reason()}
                disabled={isWorking()}
                aria-describedby={parts.describedBy}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            )}
          </Field>
        </Show>
        <Show when={action === "enable" || action === "disable"}>
          <Field label="Time" hint={`Empty for now. Time zone: ${shownTimeZone()}.`}>
            {(parts) => (
              <input
                id={parts.id}
                type="datetime-local"
                class={inputClass}
                value={later()}
                disabled={isWorking()}
                aria-describedby={parts.describedBy}
                onInput={(event) => setLater(event.currentTarget.value)}
              />
            )}
          </Field>
        </Show>
        <Show when={action === "transfer"}>
          <Picker
            label="New customer"
            hint="Devices, users and history stay with the licenses."
            search={customerSearch}
            value={customer()?.id ?? null}
            choose={setCustomer}
            disabledReason={isWorking() ? "In progress." : null}
          />
        </Show>
        <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
        <Show
          when={preview()}
          fallback={
            <Show when={request() && !refused()}>
              <Skeleton lines={6} />
            </Show>
          }
        >
          {(loaded) => <BulkPreview action={action} preview={loaded()} newCustomer={customer()?.title} />}
        </Show>
        <Show when={isWorking()}>
          <Progress label={`${actionLabels[action].verb}…`} done={doneCount()!} total={ids.length} />
        </Show>
        <div class="flex flex-wrap justify-end gap-2">
          <Show
            when={!isWorking()}
            fallback={
              <Button
                disabledReason={isStopped() ? "Stopping after the current batch…" : null}
                onClick={() => setIsStopped(true)}
              >
                Stop
              </Button>
            }
          >
            <Button onClick={() => props.close()}>Cancel</Button>
            <Button
              variant={action === "delete" ? "danger" : "primary"}
              disabledReason={disabledReason()}
              onClick={() => void run(request()!)}
            >
              {actionLabels[action].verb} {formatCount(preview()?.changes ?? ids.length, "license")}
            </Button>
          </Show>
        </div>
      </div>
    </Dialog>
  );
}
