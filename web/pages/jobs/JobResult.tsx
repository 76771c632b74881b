// The result of a job: the licenses it issued, or the report of an import.
import { Match, Show, Switch } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { InvalidRowsOfJob, RowErrorTable } from "../../features/leads/RowErrorTable.tsx";
import { formatCount } from "../../lib/format.ts";
import { type Job, reportOf } from "../../features/jobs/job_labels.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { ArrowIcon } from "../../ui/icons.ts";

export function JobResult(props: { job: Job }) {
  return (
    <Card title="Result">
      <div class="flex flex-col items-start gap-4 text-sm">
        <Show when={props.job.error}>
          {(message) => (
            <div class="w-full">
              <Failure error={{ message: message() }} />
            </div>
          )}
        </Show>
        <Switch>
          <Match when={props.job.kind === "issue_licenses"}>
            <p>{issued(props.job)}</p>
            <Show when={props.job.done > 0}>
              <ButtonLink href={withQuery(addresses.licenses(), { jobId: props.job.id })}>
                Show these licenses <ArrowIcon />
              </ButtonLink>
            </Show>
          </Match>
          <Match when={reportOf(props.job)}>
            {(report) => (
              <>
                <p>
                  {props.job.input.dryRun
                    ? `${formatCount(report().imported, "row")} of ${report().rows} would be saved.`
                    : `${formatCount(report().imported, "lead")} saved of ${
                      formatCount(report().rows, "row")
                    }.`}
                  {report().failed > 0
                    ? ` ${formatCount(report().failed, "row")} had errors and ${
                      report().failed === 1 ? "was" : "were"
                    } left out.`
                    : " No row had errors."}
                  {report().skipped > 0
                    ? ` ${formatCount(report().skipped, "duplicate was", "duplicates were")} skipped.`
                    : ""}
                </p>
                <Show when={report().errors.length > 0}>
                  <div class="flex w-full min-w-0 flex-col gap-3">
                    <RowErrorTable errors={report().errors} label="Rows with errors" />
                    <div class="flex flex-wrap gap-2">
                      <InvalidRowsOfJob jobId={props.job.id} />
                    </div>
                  </div>
                </Show>
                <Show when={report().imported > 0 && !props.job.input.dryRun}>
                  <ButtonLink href={addresses.leads()}>
                    Show the leads <ArrowIcon />
                  </ButtonLink>
                </Show>
              </>
            )}
          </Match>
          <Match when={props.job.state === "cancelled"}>
            <p>It was cancelled; nothing was saved.</p>
          </Match>
        </Switch>
      </div>
    </Card>
  );
}

function issued({ state, done }: Job): string {
  const made = `${formatCount(done, "license")} ${done === 1 ? "was" : "were"} issued`;
  if (state === "done") return `${made}.`;
  return done === 0 ? "No license was issued." : `${made} before it ended. They stay.`;
}
