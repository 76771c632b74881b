// Changing many licenses with foresight: exactly what would change is read first, then done piece by piece, and can be
// stopped and taken back.
import { createEffect, createResource, createSignal, on, Show } from "solid-js";
import { refresh } from "../../lib/answers.ts";
import { formatCount } from "../../lib/format.ts";
import { refusalOf, type Refused } from "../../lib/refusal.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Failure, Skeleton } from "../../ui/Empty.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { type BulkAction, changeInPieces, type Done, sayDone, undoChange, words } from "./bulk.ts";
import { DurationChoice } from "./DurationChoice.tsx";
import { BulkPreview } from "./BulkPreview.tsx";

export function BulkDialog(
  props: { action: BulkAction | null; ids: number[]; close(): void; done?(): void },
) {
  return (
    <Show when={props.action} keyed>
      {(action) => <Opened action={action} ids={[...props.ids]} close={props.close} done={props.done} />}
    </Show>
  );
}

function Opened(props: { action: BulkAction; ids: number[]; close(): void; done?(): void }) {
  const { action, ids } = props;
  const [by, setBy] = createSignal("P1Y");
  const [doneCount, setDoneCount] = createSignal<number | null>(null);
  const [isStopped, setIsStopped] = createSignal(false);
  const [refused, setRefused] = createSignal<Refused | null>(null);
  const [preview, { refetch }] = createResource(
    () => action === "extend" ? by() : "",
    async (by) => {
      try {
        const foreseen = await trpc.licenses.preview.mutate({ licenseIds: ids, action, by: by || undefined });
        setRefused(null);
        return foreseen;
      } catch (error) {
        setRefused(refusalOf(error));
      }
    },
  );
  createEffect(on(by, () => setRefused(null), { defer: true }));
  const isWorking = () => doneCount() !== null;

  async function run(): Promise<void> {
    const done: Done = { action, ids: [], ends: [] };
    setIsStopped(false);
    setRefused(null);
    setDoneCount(0);
    let trouble: Refused | null = null;
    try {
      await changeInPieces(done, ids, by(), { noteDone: setDoneCount, isStopped });
    } catch (error) {
      trouble = refusalOf(error);
    }
    setDoneCount(null);
    refresh();
    const undo = done.ids.length === 0 ? undefined : async () => {
      await undoChange(done);
      refresh();
    };
    tell(`${sayDone(done)}${isStopped() ? " Stopped by you; the rest is as it was." : ""}`, { undo });
    if (trouble) {
      setRefused({ ...trouble, message: `${trouble.message} ${sayDone(done)} The rest is as it was.` });
      void refetch();
      return;
    }
    props.done?.();
    props.close();
  }

  const why = () => {
    if (preview.loading) return "Finding out what changes.";
    return preview()?.changes === 0 ? "Nothing would change." : refused()?.message ?? null;
  };
  return (
    <Dialog
      isOpen
      stays={isWorking()}
      look="wide"
      close={props.close}
      title={`${words[action].verb} ${formatCount(ids.length, "license")}`}
      hint={isWorking()
        ? "Under way. It can be stopped; what is done by then stays."
        : "Nothing is changed yet."}
    >
      <div class="flex flex-col gap-4">
        <Show when={action === "extend"}>
          <DurationChoice label="By how long" value={by()} choose={setBy} isOff={isWorking()} />
        </Show>
        <Show when={refused()}>{(refused) => <Failure refused={refused()} />}</Show>
        <Show
          when={preview.latest}
          fallback={
            <Show when={!refused()}>
              <Skeleton lines={6} />
            </Show>
          }
        >
          {(foreseen) => <BulkPreview action={action} preview={foreseen()} />}
        </Show>
        <Show when={isWorking()}>
          <Progress label={`${words[action].verb} …`} done={doneCount()!} total={ids.length} />
        </Show>
        <div class="flex flex-wrap justify-end gap-2">
          <Show
            when={!isWorking()}
            fallback={
              <Button
                why={isStopped() ? "It stops after this piece." : null}
                onClick={() => setIsStopped(true)}
              >
                Stop
              </Button>
            }
          >
            <Button onClick={() => props.close()}>Cancel</Button>
            <Button
              look={action === "delete" ? "danger" : "primary"}
              why={why()}
              onClick={() => void run()}
            >
              {words[action].verb} {formatCount(preview.latest?.changes ?? ids.length, "license")}
            </Button>
          </Show>
        </div>
      </div>
    </Dialog>
  );
}
