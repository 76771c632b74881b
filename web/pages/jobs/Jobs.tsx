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
  { id: "what", title: "What", width: 240, cell: jobTitle },
  {
    id: "state",
    title: "State",
    width: 120,
    cell: ({ state }) => <Badge tone={jobStateBadge(state).tone}>{jobStateBadge(state).title}</Badge>,
  },
  { id: "progress", title: "Progress", width: 140, isNumber: true, cell: formatProgress },
  { id: "who", title: "Requested by", width: 180, cell: (job) => job.administratorName ?? "The system" },
  { id: "when", title: "Requested", sort: "id", width: 140, cell: (job) => <Time at={job.requestedAt} /> },
  { id: "finished", title: "Finished", width: 140, cell: (job) => <Time at={job.finishedAt} /> },
  {
    id: "error",
    title: "What went wrong",
    width: 240,
    isHidden: true,
    cell: (job) => job.error ?? emptyValue,
  },
];

const filters: Filter[] = [
  { name: "state", title: "State", kind: { options: jobStates } },
  { name: "kind", title: "Kind", kind: { options: jobKinds } },
];

export function Jobs() {
  const list = useList("jobs", { filters, exportPath: null, refetchInterval: 5000 });
  return (
    <Page
      title="Jobs"
      state={list.rows.data && `${formatTotalOf(list.rows.data, "job")}, deleted 30 days after they end`}
    >
      <List
        {...list}
        one="job"
        many="jobs"
        columns={columns}
        href={({ id }) => addresses.job(id)}
        empty={
          <Empty title="No jobs yet">
            Issuing thousands of licenses or importing a large table becomes a job: it goes on while you do
            something else, and here you see how far it is.
          </Empty>
        }
      />
    </Page>
  );
}
