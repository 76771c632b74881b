// The progress of a job as it happens.
import { createEffect, createSignal, onCleanup } from "solid-js";
import { toastError } from "../../ui/Toasts.tsx";
import { type Outputs, trpc } from "../../lib/trpc.ts";

export type Job = Outputs["jobs"]["get"];

/**
 * Follows a job until it has finished.
 *
 * @param id null follows none
 * @param ended runs when the job has finished
 */
export function followJob(id: () => number | null, ended: (job: Job) => void): () => Job | null {
  const [job, setJob] = createSignal<Job | null>(null);
  createEffect(() => {
    const followed = id();
    setJob(null);
    if (followed === null) return;
    const stream = trpc.jobs.progress.subscribe({ id: followed }, {
      onData({ data }) {
        const now = data as unknown as Job;
        setJob(now);
        if (now.finishedAt) {
          stream.unsubscribe();
          ended(now);
        }
      },
      onError: toastError,
    });
    onCleanup(() => stream.unsubscribe());
  });
  return job;
}
