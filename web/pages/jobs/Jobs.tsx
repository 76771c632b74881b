// The list of jobs, which run in the background.
import { useList } from "../../features/lists/use_list.ts";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue, formatTotalOf } from "../../lib/format.ts";
import {
  formatProgress,
  type Job,
  jobKinds,
  jobStateBadge,
  jobStates,
  jobTitle,
} from "../../features/jobs/job_labels.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";

const columns: Column<Job>[] = [
  { id: "what", title: "Job", width: 240, cell: jobTitle },
  {
    id: "state",
    title: "Status",
    width: 120,
    cell: ({ state }) => <Badge tone={jobStateBadge(state).tone}>{jobStateBadge(state).title}</Badge>,
  },
  { id: "progress", title: "Progress", width: 140, isNumber: true, cell: formatProgress },
  {
    id: "who",
    title: "Created by",
    isText: true,
    width: 180,
    cell: (job) => job.administratorName ?? "System",
  },
  { id: "when", title: "Created", sort: "id", width: 140, cell: (job) => <Time at={job.requestedAt} /> },
  { id: "finished", title: "Finished", width: 140, cell: (job) => <Time at={job.finishedAt} /> },
  {
    id: "error",
    title: "Error",
    isText: true,
    width: 240,
    isHidden: true,
    cell: (job) => job.error ?? emptyValue,
  },
];

const filters: Filter[] = [
  { name: "state", title: "Status", kind: { options: jobStates } },
  { name: "kind", title: "Type", kind: { options: jobKinds } },
  {
    name: "requested",
    title: "Created",
    kind: { from: "requestedSince", until: "requestedUntil", unit: "instant", direction: "past" },
  },
];

export function Jobs() {
  const list = useList("jobs", { filters, exportPath: null, refetchInterval: 5000 });
  return (
    <Page
      title="Jobs"
      state={list.rows.data && `${formatTotalOf(list.rows.data, "job")} · kept for 30 days`}
    >
      <List
        {...list}
        one="job"
        many="jobs"
        columns={columns}
        href={({ id }) => addresses.job(id)}
        empty={
          <Empty title="No jobs yet">
            Creating many licenses or importing a large file runs as a background job. Its progress appears
            here.
          </Empty>
        }
      />
    </Page>
  );
}
