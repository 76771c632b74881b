// The dialog that applies the terms of a plan to its licenses: a preview, and then the progress of the job.
import { createEffect, createSignal, on, Show } from "solid-js";
import { followJob } from "../../features/jobs/follow_job.ts";
import { PlanTermsReport, type Report } from "../../features/plan_terms/PlanTermsReport.tsx";
import { type ApiError, toApiError } from "../../lib/api_error.ts";
import { formatCount } from "../../lib/format.ts";
import { refresh } from "../../lib/queries.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { toast } from "../../ui/Toasts.tsx";

export function ApplyTermsDialog(
  props: { plan: { id: number; name: string }; isOpen: boolean; close(): void },
) {
  return (
    <Show when={props.isOpen}>
      <OpenDialog plan={props.plan} close={props.close} />
    </Show>
  );
}

function OpenDialog(props: { plan: { id: number; name: string }; close(): void }) {
  const { id } = props.plan;
  const [overwrite, setOverwrite] = createSignal(false);
  const [report, setReport] = createSignal<Report | null>(null);
  const [refused, setRefused] = createSignal<ApiError | null>(null);
  const [previewId, setPreviewId] = createSignal<number | null>(null);
  const [jobId, setJobId] = createSignal<number | null>(null);
  const preview = followJob(previewId, ({ state, result, error }) => {
    if (state === "done") setReport(result as unknown as Report);
    else setRefused({ code: "JOB", message: error ?? "The preview was cancelled." } as ApiError);
  });
  const job = followJob(jobId, ({ state, result, error }) => {
    refresh();
    if (state === "failed") {
      setJobId(null);
      return setRefused({ code: "JOB", message: error ?? "Failed." } as ApiError);
    }
    const changed = formatCount((result as unknown as Report | null)?.changed ?? 0, "license");
    toast(state === "done" ? `${changed} changed.` : `Stopped. ${changed} changed before.`);
    props.close();
  });
  let latestAttempt = 0;
  createEffect(on(overwrite, async (overwrite) => {
    const attempt = ++latestAttempt;
    setReport(null);
    setRefused(null);
    setPreviewId(null);
    try {
      const loaded = await trpc.plans.previewTerms.mutate({ id, overwrite });
      if (attempt !== latestAttempt) return;
      if (loaded.report) setReport(loaded.report);
      else setPreviewId(loaded.job!.id);
    } catch (error) {
      if (attempt === latestAttempt) setRefused(toApiError(error));
    }
  }));
  async function apply(): Promise<void> {
    try {
      setJobId((await trpc.plans.applyTerms.mutate({ id, overwrite: overwrite() })).id);
    } catch (error) {
      setRefused(toApiError(error));
    }
  }
  const isRunning = () => jobId() !== null;
  const disabledReason = () =>
    refused()?.message ??
      (!report() ? "Loading the preview…" : report()!.changed === 0 ? "No licenses would change." : null);
  return (
    <Dialog
      isOpen
      variant="wide"
      close={props.close}
      title={`Apply the terms of ${props.plan.name}`}
      hint={isRunning()
        ? "You can close this; the job continues."
        : "Dates and active devices stay as they are."}
    >
      <div class="flex flex-col gap-4">
        <label class="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={overwrite()}
            disabled={isRunning()}
            onChange={(event) => setOverwrite(event.currentTarget.checked)}
          />
          Also replace values that licenses have of their own
        </label>
        <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
        <Show
          when={report()}
          fallback={
            <Show when={!refused()}>
              <Show when={preview()} fallback={<Skeleton lines={5} />}>
                {(job) => <Progress label="Examining licenses" done={job().done} total={job().total ?? 0} />}
              </Show>
            </Show>
          }
        >
          {(report) => <PlanTermsReport report={report()} />}
        </Show>
        <Show when={job()}>
          {(job) => <Progress label="Applying the terms" done={job().done} total={job().total ?? 0} />}
        </Show>
        <div class="flex justify-end gap-2">
          <Button onClick={() => props.close()}>{isRunning() ? "Close" : "Cancel"}</Button>
          <Show when={!isRunning()}>
            <Button variant="primary" disabledReason={disabledReason()} onClick={() => void apply()}>
              Apply to {formatCount(report()?.changed ?? 0, "license")}
            </Button>
          </Show>
        </div>
      </div>
    </Dialog>
  );
}
