// The progress of a job that checks or imports a large table.
import { Show } from "solid-js";
import type { Job } from "../jobs/follow_job.ts";
import { formatNumber } from "../../lib/format.ts";
import { missingRoleReason } from "../account/session.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";

export function ImportProgress(props: { job: Job; label: string }) {
  const progress = () =>
    props.job.state === "waiting"
      ? "Queued"
      : props.job.total
      ? `${formatNumber(props.job.done)} of ~${formatNumber(Math.max(props.job.total, props.job.done))} rows`
      : `${formatNumber(props.job.done)} rows`;
  return (
    <div class="flex flex-col gap-2 text-sm" role="status">
      <div class="flex flex-wrap items-center justify-between gap-2">
        <p>
          <strong class="font-medium">{props.label}</strong> <span class="text-muted">{progress()}</span>
        </p>
        <Button
          disabledReason={missingRoleReason("manager")}
          onClick={() =>
            void runWithToast(
              () => trpc.jobs.cancel.mutate({ id: props.job.id }),
              "Import cancelled. Nothing was saved.",
            )}
        >
          Cancel
        </Button>
      </div>
      <Show when={props.job.total}>
        {(total) => (
          <progress
            class="h-2 w-full appearance-none overflow-hidden rounded-full bg-sunken accent-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent"
            aria-label={props.label}
            max={Math.max(total(), props.job.done)}
            value={props.job.done}
          />
        )}
      </Show>
      <p class="text-muted">You can leave this page.</p>
    </div>
  );
}
