// How far the making of many licenses is, and where they are.
import { Show } from "solid-js";
import { addresses, withQuery } from "../../addresses.ts";
import { refresh } from "../../lib/answers.ts";
import { followJob, type Job } from "../../lib/follow_job.ts";
import { formatCount } from "../../lib/format.ts";
import { whyNot } from "../../lib/session.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Skeleton } from "../../ui/Empty.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { doAndTell } from "../../ui/Toasts.tsx";

export function IssueProgress(props: { id: number }) {
  const job = followJob(() => props.id, () => refresh());
  const sentence = ({ state, done, error }: Job) => {
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
              <Progress label={sentence(job())} done={job().done} total={job().total ?? 0} />
              <div class="flex flex-wrap gap-2">
                <ButtonLink
                  look="primary"
                  href={withQuery(addresses.licenses(), { jobId: job().id })}
                  why={job().done > 0 ? null : "None is made yet."}
                >
                  Show these licenses
                </ButtonLink>
                <Show when={!job().finishedAt}>
                  <Button
                    why={whyNot("manager")}
                    onClick={() =>
                      void doAndTell(() => trpc.jobs.cancel.mutate({ id: job().id }), "It is stopped.")}
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
