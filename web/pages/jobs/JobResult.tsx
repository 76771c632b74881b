// The result of a job: the licenses it issued, or the report of an import.
import { Match, Show, Switch } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { InvalidRowsOfJob, RowErrorTable } from "../../features/imports/RowErrorTable.tsx";
import { PlanTermsReport, type Report } from "../../features/plan_terms/PlanTermsReport.tsx";
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
                View licenses <ArrowIcon />
              </ButtonLink>
            </Show>
          </Match>
          <Match when={props.job.kind === "apply_plan_terms" && props.job.result}>
            {(result) => (
              <PlanTermsReport report={result() as unknown as Report} isDone={!props.job.input.dryRun} />
            )}
          </Match>
          <Match when={reportOf(props.job)}>
            {(report) => (
              <>
                <p>
                  {props.job.input.dryRun
                    ? `${formatCount(report().imported, "row")} of ${report().rows} ready.`
                    : `${formatCount(report().imported, "lead")} imported from ${
                      formatCount(report().rows, "row")
                    }.`}
                  {report().failed > 0
                    ? ` ${formatCount(report().failed, "row")} with errors skipped.`
                    : " No errors."}
                  {report().skipped > 0 ? ` ${formatCount(report().skipped, "duplicate")} skipped.` : ""}
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
                    View leads <ArrowIcon />
                  </ButtonLink>
                </Show>
              </>
            )}
          </Match>
          <Match when={props.job.state === "cancelled"}>
            <p>Cancelled. Nothing was saved.</p>
          </Match>
        </Switch>
      </div>
    </Card>
  );
}

function issued({ state, done }: Job): string {
  const created = `${formatCount(done, "license")} created`;
  if (state === "done") return `${created}.`;
  return done === 0 ? "No licenses were created." : `${created} before the job ended. They are kept.`;
}
