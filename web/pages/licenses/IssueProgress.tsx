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
    const created = formatCount(done, "license");
    if (state === "done") return `${created} created`;
    if (state === "cancelled") return `Stopped. ${created} created before are kept.`;
    if (state === "failed") return `${error ?? "Failed."} ${created} created before are kept.`;
    return state === "waiting" ? "Waiting for a worker" : "Creating licenses";
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
                  disabledReason={job().done > 0 ? null : "No licenses created yet."}
                >
                  View licenses
                </ButtonLink>
                <Show when={!job().finishedAt}>
                  <Button
                    disabledReason={missingRoleReason("manager")}
                    onClick={() =>
                      void runWithToast(
                        () => trpc.jobs.cancel.mutate({ id: job().id }),
                        `Job ${job().id} stopped.`,
                      )}
                  >
                    Stop
                  </Button>
                </Show>
                <Show when={job().finishedAt}>
                  <ButtonLink href={addresses.newLicense()}>Create more</ButtonLink>
                </Show>
              </div>
              <Show when={!job().finishedAt}>
                <p class="text-sm text-muted">You can leave this page.</p>
              </Show>
            </>
          )}
        </Show>
      </div>
    </Card>
  );
}
