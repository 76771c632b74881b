// The progress of a job that issues many licenses.
import { Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { refresh } from "../../lib/queries.ts";
import { followJob, type Job } from "../../features/jobs/follow_job.ts";
import { formatCount } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";

export function IssueProgress(props: { id: number }) {
  const job = followJob(() => props.id, () => refresh());
  const describeProgress = ({ state, done, error }: Job) => {
    const made = formatCount(done, "license");
    if (state === "done") return `${made} made.`;
    if (state === "cancelled") return `Stopped. ${made} made before stay.`;
    if (state === "failed") return `${error ?? "It failed."} ${made} made before stay.`;
    return state === "waiting" ? "Waiting for a worker" : "Making licenses";
  };
  return (
    <Card class="max-w-3xl">
      <div class="flex flex-col gap-4">
        <Show
          when={job()}
          fallback={<Skeleton lines={2} />}
        >
          {(job) => (
            <>
              <Progress label={describeProgress(job())} done={job().done} total={job().total ?? 0} />
              <div class="flex flex-wrap gap-2">
                <ButtonLink
                  variant="primary"
                  href={withQuery(addresses.licenses(), { jobId: job().id })}
                  disabledReason={job().done > 0 ? null : "None is made yet."}
                >
                  Show these licenses
                </ButtonLink>
                <Show when={!job().finishedAt}>
                  <Button
                    disabledReason={missingRoleReason("manager")}
                    onClick={() =>
                      void runWithToast(() => trpc.jobs.cancel.mutate({ id: job().id }), "It is stopped.")}
                  >
                    Stop
                  </Button>
                </Show>
                <Show when={job().finishedAt}>
                  <ButtonLink href={addresses.newLicense()}>Make more</ButtonLink>
                </Show>
              </div>
              <p class="text-sm text-muted">This page can be left; the work goes on.</p>
            </>
          )}
        </Show>
      </div>
    </Card>
  );
}
