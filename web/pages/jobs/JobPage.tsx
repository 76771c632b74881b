// The page of one job: its input on the left; progress, result and history on the right.
import { createSignal, Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { refresh } from "../../lib/queries.ts";
import {
  formatProgress,
  isFinished,
  type Job,
  jobStateBadge,
  jobTitle,
} from "../../features/jobs/job_labels.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { trpc } from "../../lib/trpc.ts";
import { whileVisible } from "../../lib/page_visibility.ts";
import { detailPage } from "../../features/details/detail_page.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Page } from "../../ui/Page.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";
import { JobDetails } from "./JobDetails.tsx";
import { JobResult } from "./JobResult.tsx";

export const JobPage = detailPage("jobs", (job) => <JobContent job={job()} />);

function JobContent(props: { job: Job }) {
  const [streamed, setStreamed] = createSignal<Job>();
  if (!isFinished(props.job)) followProgress(props.job.id, setStreamed);
  // The query's result is newer than the stream's last message once the job has finished.
  const job = () => {
    const last = streamed();
    return last && !isFinished(props.job) ? last : props.job;
  };
  const cancel = () =>
    runWithToast(async () => {
      await trpc.jobs.cancel.mutate({ id: props.job.id });
      refresh();
    }, `Job ${props.job.id} cancelled.`);
  return (
    <Page
      title={jobTitle(job())}
      heading={
        <span class="inline-flex flex-wrap items-center gap-2">
          {jobTitle(job())}
          <Badge tone={jobStateBadge(job().state).tone}>{jobStateBadge(job().state).title}</Badge>
        </span>
      }
      back={{ href: addresses.jobs(), title: "Jobs" }}
      state={`${formatProgress(job())} done`}
      actions={
        <Button
          variant="danger"
          disabledReason={missingRoleReason("manager") ??
            (isFinished(job()) ? "This job has finished." : null)}
          onClick={() => void cancel()}
        >
          Cancel job
        </Button>
      }
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
        <JobDetails job={job()} />
        <div class="flex min-w-0 flex-col gap-4">
          <Progress job={job()} />
          <Show when={isFinished(job())}>
            <JobResult job={job()} />
          </Show>
          <Card title="History">
            <Timeline filter={{ subjectKind: "job", subjectId: props.job.id }} />
          </Card>
        </div>
      </div>
    </Page>
  );
}

/** Follows the progress of a job until it has finished, and then refreshes all queries. */
function followProgress(id: number, update: (job: Job) => void): void {
  let wasOver = false;
  whileVisible((ended) => {
    if (wasOver) return { unsubscribe() {} };
    return trpc.jobs.progress.subscribe({ id }, {
      onData({ data }) {
        const job = data as unknown as Job;
        update(job);
        if (!isFinished(job)) return;
        wasOver = true;
        refresh();
      },
      onError: ended,
      onComplete: ended,
    });
  });
}

function Progress(props: { job: Job }) {
  const share = () => {
    const { state, done, total } = props.job;
    return state === "done" ? 100 : total ? Math.floor((100 * done) / total) : null;
  };
  return (
    <Card title="Progress">
      <div
        class="h-2 overflow-hidden rounded-full bg-sunken"
        role="progressbar"
        aria-label="Job progress"
        aria-valuenow={share() ?? undefined}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div
          class={`h-full rounded-full transition-[width] ${
            props.job.state === "failed" || props.job.state === "cancelled" ? "bg-edge" : "bg-accent"
          }`}
          style={{ width: `${share() ?? 0}%` }}
        />
      </div>
      <p class="mt-2 text-sm text-muted" role="status">
        {formatProgress(props.job)} done
        {props.job.state === "waiting" ? " · starts when a worker is available" : ""}
      </p>
    </Card>
  );
}
