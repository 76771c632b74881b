// What came of a job: what it made, or which rows of a table were wrong.
import { For, Match, Show, Switch } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { downloadCsv } from "../../lib/download.ts";
import { formatCount } from "../../lib/format.ts";
import { type Job, reportOf, type RowError } from "../../features/jobs/job_labels.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { ArrowIcon, ExportIcon } from "../../ui/icons.ts";

/** So many wrong rows are shown; the file has all that were kept. */
const SHOWN = 20;

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
                </p>
                <Show when={report().errors.length > 0}>
                  <Errors errors={report().errors} name={`Errors of import ${props.job.id}`} />
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

function Errors(props: { errors: RowError[]; name: string }) {
  const file = () => [
    ["Line", "Column", "What is wrong"],
    ...props.errors.map(({ line, field, message }) => [line, field, message]),
  ];
  return (
    <div class="w-full min-w-0">
      <div class="overflow-x-auto" tabindex="0" role="group" aria-label="Rows with errors">
        <table class="w-full border-collapse text-sm">
          <thead class="text-left text-xs text-muted">
            <tr class="h-8 border-b border-line">
              <th scope="col" class="pr-6 font-medium">Line</th>
              <th scope="col" class="pr-6 font-medium">Column</th>
              <th scope="col" class="font-medium">What is wrong</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.errors.slice(0, SHOWN)}>
              {({ line, field, message }) => (
                <tr class="h-8 border-b border-line">
                  <td class="pr-6">{line}</td>
                  <td class="pr-6 whitespace-nowrap">{field}</td>
                  <td class="min-w-40 break-words">{message}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <div class="mt-3 flex flex-wrap items-center gap-3">
        <Button onClick={() => void downloadCsv(props.name, file())}>
          <ExportIcon /> Errors as CSV
        </Button>
        <Show when={props.errors.length > SHOWN}>
          <p class="text-muted">
            {formatCount(props.errors.length - SHOWN, "more error")} in the file.
          </p>
        </Show>
      </div>
    </div>
  );
}
